package chainrule.nn;

import chainrule.math.Kernels;
import java.util.Objects;

/**
 * What a forward and backward pass has to know beside the numbers.
 *
 * @param kernels the matrix products to use
 * @param training whether dropout acts
 * @param dropoutKey what dropout masks are drawn from, with a row's place and the layer
 * @param firstRow the place of the pass's first row among those that share the dropout key
 */
public record Pass(Kernels kernels, boolean training, long dropoutKey, int firstRow) {
  public Pass {
    Objects.requireNonNull(kernels, "kernels");
  }

  /** A pass that only predicts. */
  public static Pass evaluation(Kernels kernels) {
    return new Pass(kernels, false, 0, 0);
  }

  /** A pass that trains. */
  public static Pass training(Kernels kernels, long dropoutKey, int firstRow) {
    return new Pass(kernels, true, dropoutKey, firstRow);
  }
}
