package chainrule.data;

import java.io.Serializable;
import java.util.List;

/**
 * Brings the numbers of a row to the scale of the network's inputs: {@code z = (x − mean) /
 * deviation}, and for clipped columns {@code z / √(1 + (z/5)²)}, which is z near 0 and never beyond
 * ±5. A missing number counts as what the column imputes.
 *
 * <p>All columns go through each operation together, over plain arrays, so that HotSpot uses vector
 * instructions; square roots and divisions round alike with and without them.
 *
 * <p>Immutable; threads may share it.
 */
final class NumberScaling implements Serializable {
  private static final long serialVersionUID = 1;

  private static final double CLIP = 5;

  /** So far from the mean that the clip is ±5 to the last bit; its square is still finite. */
  private static final double FAR = 1e100;

  private final double[] means;
  private final double[] deviations;
  private final double[] imputed;
  // Infinite where a column is not clipped: z/∞ is 0, and z / √1 is z.
  private final double[] clips;
  private final double[] limits;

  NumberScaling(List<Encoder.Numeric> columns) {
    means = columns.stream().mapToDouble(Encoder.Numeric::mean).toArray();
    deviations = columns.stream().mapToDouble(Encoder.Numeric::deviation).toArray();
    imputed = columns.stream().mapToDouble(Encoder.Numeric::imputed).toArray();
    clips = new double[means.length];
    limits = new double[means.length];
    for (int i = 0; i < means.length; i++) {
      boolean clipped = columns.get(i).clipped();
      clips[i] = clipped ? CLIP : Double.POSITIVE_INFINITY;
      limits[i] = clipped ? FAR : Double.MAX_VALUE;
    }
  }

  /** Writes the scaled numbers of a row to {@code cells} from {@code at}. */
  void scale(RawRow row, float[] cells, int at) {
    double[] values = new double[means.length];
    for (int i = 0; i < values.length; i++) {
      double value = row.number(i);
      values[i] = Double.isNaN(value) ? imputed[i] : value;
    }
    for (int i = 0; i < values.length; i++) {
      double z = (values[i] - means[i]) / deviations[i];
      z = Math.max(-limits[i], Math.min(limits[i], z));
      double part = z / clips[i];
      values[i] = z / Math.sqrt(1 + part * part);
    }
    for (int i = 0; i < values.length; i++) {
      cells[at + i] = (float) values[i];
    }
  }
}
