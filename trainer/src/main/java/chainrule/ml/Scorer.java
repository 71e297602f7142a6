package chainrule.ml;

import chainrule.data.CellValues;
import chainrule.data.RawRow;
import chainrule.math.KernelChoice;
import chainrule.math.Matrix;
import chainrule.model.BlockScorer;
import chainrule.train.TrainedModel;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;

/** Scores vectors, a block at a time. Not for sharing. */
final class Scorer {
  /** Rows that go through the network at once. */
  static final int BLOCK = 256;

  private final BlockScorer scorer;
  private final boolean[] isNumber;
  private final double[] numbers;
  private final String[] categories;

  /**
   * @param kernels name of the kernels to use, or auto
   * @param capacity rows of the largest block
   */
  Scorer(TrainedModel model, String kernels, int capacity) {
    this.scorer =
        new BlockScorer(model, KernelChoice.named(KernelChoice.resolve(kernels)), capacity);
    this.isNumber = new boolean[model.schema().features().size()];
    for (int i = 0; i < isNumber.length; i++) {
      isNumber[i] = model.schema().features().get(i).isNumeric();
    }
    this.numbers = new double[model.schema().numericFeatures().size()];
    this.categories = new String[model.schema().categoricalFeatures().size()];
  }

  /** Returns the network's outputs, B × O, valid until the next call. */
  Matrix outputs(List<Vector> block) {
    for (int i = 0; i < block.size(); i++) {
      scorer.put(i, raw(block.get(i)));
    }
    return scorer.outputs(block.size());
  }

  /** Returns a vector as a row, valid until the next call. */
  private RawRow raw(Vector vector) {
    if (vector.size() != isNumber.length) {
      throw new IllegalArgumentException(
          "Invalid features: a vector of "
              + vector.size()
              + " elements (must have "
              + isNumber.length
              + ", as those the model was trained on)");
    }
    CellValues.split(vector.toArray(), isNumber, numbers, categories);
    return RawRow.withNumericLabel(numbers, categories, 0, 1);
  }
}
