package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Seeds;
import chainrule.math.Slice;

/**
 * Inverted dropout: in training each value is 0 with probability {@code rate}, the others are
 * divided by 1 − rate, so that the expectation stays; otherwise the layer changes nothing.
 *
 * <p>Shapes: inputs and outputs are B × I. No parameters. The mask is a pure function of the pass's
 * dropout key, the layer's salt and the row's place, so the backward pass draws the same one again
 * and a step can be repeated.
 *
 * <p>Source: Srivastava and others 2014, JMLR 15, 1929–1958; inverted as in PyTorch's Dropout.
 *
 * @param units width of the inputs and outputs
 * @param rate probability of a 0, from 0 to below 1; drawn to a precision of 2⁻³²
 * @param salt distinguishes the network's dropout layers
 */
public record Dropout(int units, double rate, int salt) implements Layer {
  public Dropout {
    Check.argument(units > 0, "units", units, "> 0");
    Check.argument(rate >= 0 && rate < 1, "dropout", rate, ">= 0 and < 1");
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.dropout(this);
  }

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int outputs() {
    return units;
  }

  @Override
  public int parameterCount() {
    return 0;
  }

  @Override
  public Ranges weights() {
    return Ranges.none();
  }

  @Override
  public int memoryWidth() {
    return 0;
  }

  @Override
  public void initialize(Slice parameters, Initializer initializer, RandomStream random) {
    // Nothing to set.
  }

  @Override
  public void forward(Pass pass, Slice parameters, Matrix x, Matrix memory, Matrix a) {
    mask(pass, x, a);
  }

  @Override
  public void parameterGradient(
      Pass pass,
      Slice parameters,
      Matrix x,
      Matrix memory,
      Matrix a,
      Matrix da,
      Slice gradientSum) {
    // No parameters.
  }

  @Override
  public void inputGradient(Pass pass, Slice parameters, Matrix memory, Matrix da, Matrix dx) {
    mask(pass, da, dx);
  }

  private void mask(Pass pass, Matrix from, Matrix to) {
    if (!pass.training()) {
      System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), from.rows() * units);
      return;
    }
    long bound = (long) (rate * 0x1p32); // 32 random bits below this drop the value
    float scale = (float) (1 / (1 - rate));
    float[] source = from.array();
    float[] target = to.array();
    for (int row = 0; row < from.rows(); row++) {
      long key = Seeds.mix(pass.dropoutKey(), salt, pass.firstRow() + row);
      int sourceRow = from.offset() + row * units;
      int targetRow = to.offset() + row * units;
      for (int i = 0; i < units; i += 2) {
        long bits = Seeds.mix(key + i);
        target[targetRow + i] = (bits >>> 32) < bound ? 0 : source[sourceRow + i] * scale;
        if (i + 1 < units) {
          target[targetRow + i + 1] =
              (bits & 0xffffffffL) < bound ? 0 : source[sourceRow + i + 1] * scale;
        }
      }
    }
  }
}
