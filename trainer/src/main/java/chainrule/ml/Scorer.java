package chainrule.ml;

import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.math.Matrix;
import chainrule.nn.Backpropagation;
import chainrule.spark.KernelChoice;
import chainrule.train.TrainedModel;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;

/** Scores vectors, a block at a time. Not for sharing. */
final class Scorer {
  /** Rows that go through the network at once. */
  static final int BLOCK = 256;

  private final TrainedModel model;
  private final Encoder encoder;
  private final boolean[] isNumber;
  private final float[] parameters;
  private final Backpropagation network;
  private final Matrix inputs;
  private final float[] cells;
  private final double[] numbers;
  private final String[] categories;

  /**
   * @param kernels name of the kernels to use, or auto
   * @param capacity rows of the largest block
   */
  Scorer(TrainedModel model, String kernels, int capacity) {
    this.model = model;
    this.encoder = model.encoder();
    this.isNumber = new boolean[model.schema().features().size()];
    for (int i = 0; i < isNumber.length; i++) {
      isNumber[i] = model.schema().features().get(i).isNumeric();
    }
    this.parameters = model.parameters();
    this.network =
        new Backpropagation(
            model.network(),
            model.loss(),
            KernelChoice.named(KernelChoice.resolve(kernels)),
            capacity);
    this.inputs = Matrix.zeros(capacity, model.network().inputs());
    this.cells = new float[encoder.layout().cells()];
    this.numbers = new double[encoder.numerics().size()];
    this.categories = new String[encoder.categoricals().size()];
  }

  /** Returns the network's outputs, B × O, valid until the next call. */
  Matrix outputs(List<Vector> block) {
    for (int i = 0; i < block.size(); i++) {
      encode(block.get(i), i);
    }
    return network.outputs(parameters, inputs.firstRows(block.size()));
  }

  private void encode(Vector vector, int to) {
    if (vector.size() != isNumber.length) {
      throw new IllegalArgumentException(
          "Invalid features: a vector of "
              + vector.size()
              + " elements (must have "
              + isNumber.length
              + ", as those the model was trained on)");
    }
    int number = 0;
    int category = 0;
    for (int i = 0; i < isNumber.length; i++) {
      double value = vector.apply(i);
      if (isNumber[i]) {
        numbers[number++] = value;
      } else {
        categories[category++] = Double.isNaN(value) ? "" : LabelEncoding.Classes.text(value);
      }
    }
    encoder.encode(RawRow.withNumericLabel(numbers, categories, 0, 1), cells, 0);
    encoder.layout().expand(cells, 0, inputs.array(), inputs.offset() + to * inputs.columns());
  }

  TrainedModel model() {
    return model;
  }
}
