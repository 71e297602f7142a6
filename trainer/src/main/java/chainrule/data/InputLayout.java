package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * How a packed row becomes the network's input. A packed row is narrow: a cell for each dense
 * input, then a cell with a position for each number that is piecewise linear too, then a cell with
 * an index for each category. The input is wide: the dense cells as they are, then the inputs of
 * each {@link PiecewiseLinear} number, then for each category as many inputs as it has values, all
 * 0 but for a 1 at the index; all 0 if the index is negative. Last come the indices of embedded
 * categories as they are, which the network's first layer looks up. Keeping rows narrow saves
 * memory; widening them costs little beside a product.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dense number of dense cells
 * @param piecewise the numbers that have piecewise-linear inputs
 * @param categorySizes number of values of each category that is not embedded
 * @param embeddedSizes number of indices of each category that is: one for each of its values, and
 *     one more for any other
 */
public record InputLayout(
    int dense,
    List<PiecewiseLinear> piecewise,
    List<Integer> categorySizes,
    List<Integer> embeddedSizes)
    implements Serializable {
  public InputLayout {
    piecewise = List.copyOf(piecewise);
    categorySizes = List.copyOf(categorySizes);
    embeddedSizes = List.copyOf(embeddedSizes);
    Check.argument(dense >= 0, "dense", dense, ">= 0");
  }

  /** Makes a layout without embedded categories. */
  public InputLayout(int dense, List<PiecewiseLinear> piecewise, List<Integer> categorySizes) {
    this(dense, piecewise, categorySizes, List.of());
  }

  /** Returns the layout in which a packed row is the input itself. */
  public static InputLayout dense(int inputs) {
    return new InputLayout(inputs, List.of(), List.of());
  }

  /** Returns the width of a packed row. */
  public int cells() {
    return dense + piecewise.size() + categorySizes.size() + embeddedSizes.size();
  }

  /** Returns the width of the network's input. */
  public int inputs() {
    return dense
        + piecewise.stream().mapToInt(PiecewiseLinear::inputs).sum()
        + categorySizes.stream().mapToInt(Integer::intValue).sum()
        + embeddedSizes.size();
  }

  /** Writes the network's input of one packed row that stands in an array. */
  public void expand(float[] cells, int cellsAt, float[] inputs, int inputsAt) {
    expand(FloatBuffer.wrap(cells), cellsAt, inputs, inputsAt);
  }

  /**
   * Writes the network's input of one packed row.
   *
   * @param cells where the packed row stands, from {@code cellsAt}
   * @param inputs where to write, from {@code inputsAt}
   */
  public void expand(FloatBuffer cells, int cellsAt, float[] inputs, int inputsAt) {
    cells.get(cellsAt, inputs, inputsAt, dense);
    int at = inputsAt + dense;
    int cell = cellsAt + dense;
    for (int i = 0; i < piecewise.size(); i++) {
      PiecewiseLinear number = piecewise.get(i);
      number.expand(cells.get(cell++), inputs, at);
      at += number.inputs();
    }
    for (int c = 0; c < categorySizes.size(); c++) {
      int size = categorySizes.get(c);
      int index = (int) cells.get(cell++);
      for (int i = 0; i < size; i++) {
        inputs[at + i] = 0;
      }
      if (index >= 0) {
        inputs[at + index] = 1;
      }
      at += size;
    }
    for (int e = 0; e < embeddedSizes.size(); e++) {
      inputs[at + e] = cells.get(cell + e);
    }
  }
}
