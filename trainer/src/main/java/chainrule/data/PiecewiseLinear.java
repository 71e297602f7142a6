package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A number as several inputs, each of which rises from 0 to 1 across one of T neighbouring bins: t
 * = clip((x − e_t) / (e_{t+1} − e_t), 0, 1), less that input's mean over the training rows. So the
 * first layer can bend what it learns of the number at every edge.
 *
 * <p>In a packed row it is one cell, its position: the index of its bin plus how far it is through
 * the bin, from 0 to T. Immutable; threads may share it.
 *
 * <p>Source: Gorishniy, Rubachev, Babenko 2022, arXiv 2203.05556; edges are quantiles of the
 * training rows.
 */
public final class PiecewiseLinear implements Serializable {
  private static final long serialVersionUID = 1;

  private static final PiecewiseLinear NONE = new PiecewiseLinear(new double[0], new float[0]);

  private final double[] edges;
  private final float[] means;

  private PiecewiseLinear(double[] edges, float[] means) {
    this.edges = edges;
    this.means = means;
  }

  /** Returns the encoding of a number that has no such inputs. */
  public static PiecewiseLinear none() {
    return NONE;
  }

  /**
   * Returns the encoding with these edges, T + 1 or none, ascending.
   *
   * @param means of the T inputs before it is subtracted
   */
  public static PiecewiseLinear of(double[] edges, float[] means) {
    int inputs = Math.max(0, edges.length - 1);
    Check.argument(edges.length != 1, "number of edges", edges.length, "none, or two at least");
    Check.argument(means.length == inputs, "number of means", means.length, "" + inputs);
    for (int i = 0; i < edges.length; i++) {
      boolean ascending = i == 0 || edges[i] > edges[i - 1];
      Check.argument(Double.isFinite(edges[i]) && ascending, "edge", edges[i], "finite, ascending");
    }
    for (float mean : means) {
      Check.argument(mean >= 0 && mean <= 1, "mean", mean, "from 0 to 1");
    }
    return inputs == 0 ? NONE : new PiecewiseLinear(edges.clone(), means.clone());
  }

  /**
   * Returns the encoding of a column whose edges are the distinct values among its quantiles at 0,
   * 1/bins, …, 1; none where they are fewer than three.
   *
   * @param imputed what stands for a missing value
   * @param bins 0 for none
   */
  static PiecewiseLinear fit(NumberStatistics numbers, double imputed, int bins) {
    if (bins == 0) {
      return NONE;
    }
    double[] quantiles = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      quantiles[i] = numbers.quantile((double) i / bins) + 0.0; // -0 is 0
    }
    double[] edges = Arrays.stream(quantiles).distinct().toArray();
    if (edges.length < 3) {
      return NONE;
    }
    return of(edges, new PiecewiseLinear(edges, new float[0]).means(numbers, imputed));
  }

  /** Returns the inputs' means over the sampled values and the missing ones, in proportion. */
  private float[] means(NumberStatistics numbers, double imputed) {
    double[] values = numbers.sample();
    double total = numbers.count() + numbers.missing();
    float ofImputed = position(imputed);
    float[] means = new float[inputs()];
    for (int t = 0; t < means.length; t++) {
      double sum = 0;
      for (double value : values) {
        sum += input(position(value), t);
      }
      double present = sum / values.length * (numbers.count() / total);
      means[t] = (float) (present + input(ofImputed, t) * (numbers.missing() / total));
    }
    return means;
  }

  /** Returns the number of inputs, T. */
  public int inputs() {
    return Math.max(0, edges.length - 1);
  }

  /** Returns the bins' edges, T + 1 of them if there are any. */
  public List<Double> edges() {
    return Arrays.stream(edges).boxed().toList();
  }

  /** Returns what is subtracted from input {@code t}. */
  public float mean(int t) {
    return means[t];
  }

  /** Returns the index of a number's bin plus how far it is through the bin. */
  float position(double value) {
    if (value <= edges[0]) {
      return 0;
    }
    int last = edges.length - 1;
    if (value >= edges[last]) {
      return last;
    }
    int found = Arrays.binarySearch(edges, value);
    int bin = found >= 0 ? found : -found - 2;
    return (float) (bin + (value - edges[bin]) / (edges[bin + 1] - edges[bin]));
  }

  private static float input(float position, int t) {
    return Math.max(0, Math.min(1, position - t));
  }

  /** Writes the inputs of a number at this position to {@code inputs} from {@code at}. */
  void expand(float position, float[] inputs, int at) {
    for (int t = 0; t < means.length; t++) {
      inputs[at + t] = input(position, t) - means[t];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PiecewiseLinear that
        && Arrays.equals(edges, that.edges)
        && Arrays.equals(means, that.means);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(edges) + Arrays.hashCode(means);
  }

  @Override
  public String toString() {
    return "PiecewiseLinear" + Arrays.toString(edges);
  }
}
