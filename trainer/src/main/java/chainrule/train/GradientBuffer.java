package chainrule.train;

import chainrule.math.Check;
import java.util.Arrays;

/**
 * The sums of a mini-batch, or of a part of it: gradient (float32), loss and weights of the rows
 * (double), number of rows. An uneven or empty part needs no special case.
 *
 * <p>Owns its array. Not for sharing.
 */
public final class GradientBuffer implements Sums<GradientBuffer> {
  private static final long serialVersionUID = 1;

  private final float[] gradientSum;
  private double lossSum;
  private double weightSum;
  private long rows;

  /** Makes a buffer of zeros for {@code parameterCount} parameters. */
  public GradientBuffer(int parameterCount) {
    this.gradientSum = new float[parameterCount];
  }

  /** Adds a mini-batch whose gradient was added to {@link #gradientSum} already. */
  public void add(double batchLossSum, double batchWeightSum, long batchRows) {
    lossSum += batchLossSum;
    weightSum += batchWeightSum;
    rows += batchRows;
  }

  @Override
  public void merge(GradientBuffer sibling) {
    float[] added = sibling.gradientSum;
    if (added.length != gradientSum.length) {
      throw Check.invalid("length of a gradient", added.length, "" + gradientSum.length);
    }
    for (int i = 0; i < gradientSum.length; i++) {
      gradientSum[i] += added[i];
    }
    lossSum += sibling.lossSum;
    weightSum += sibling.weightSum;
    rows += sibling.rows;
  }

  /** Sets everything to zero, so that the buffer can be used again. */
  public void clear() {
    Arrays.fill(gradientSum, 0);
    lossSum = 0;
    weightSum = 0;
    rows = 0;
  }

  /**
   * Turns the sum into the mean gradient, in place: the only division by a count of rows or their
   * weights there is.
   *
   * @return the array of the sum, P values, now the mean's
   */
  public float[] toMeanGradient() {
    if (!(weightSum > 0)) {
      throw new IllegalStateException("Cannot average the gradient: its rows weigh " + weightSum);
    }
    float scale = (float) (1 / weightSum);
    for (int i = 0; i < gradientSum.length; i++) {
      gradientSum[i] *= scale;
    }
    return gradientSum;
  }

  /** Returns the gradient's sum, P values: the array itself, to add to. */
  public float[] gradientSum() {
    return gradientSum;
  }

  public double lossSum() {
    return lossSum;
  }

  public double weightSum() {
    return weightSum;
  }

  public long rows() {
    return rows;
  }
}
