package chainrule.jobs;

import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Pass;
import chainrule.optim.Optimizer;
import chainrule.train.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One row's way through a network and back, and the update that follows, with every intermediate
 * value beside its formula: as in a textbook. Dropout does not act.
 */
final class Tracer {
  /** Values of a row or column that are shown; the middle of longer ones is left out. */
  private static final int SHOWN = 8;

  private static final Map<String, String> LOSS_FORMULAS =
      Map.of(
          "half-mse", "½ Σ (A - y)²",
          "cross-entropy", "-Σ y·log softmax(A)",
          "binary-cross-entropy", "-y·log sigmoid(A) - (1 - y)·log(1 - sigmoid(A))",
          "mae", "Σ |A - y|",
          "poisson", "exp(A) - y·A",
          "huber", "½ (A - y)² near 0, δ·(|A - y| - ½ δ) beyond δ");

  private final TrainedModel model;
  private final Optimizer optimizer;
  private final Pass pass;
  private final List<String> lines = new ArrayList<>();

  // What the forward pass leaves for the backward pass, by layer.
  private final List<Matrix> inputs = new ArrayList<>();
  private final List<Matrix> memories = new ArrayList<>();
  private final List<Matrix> outputs = new ArrayList<>();

  Tracer(TrainedModel model, Optimizer optimizer, Kernels kernels) {
    this.model = model;
    this.optimizer = optimizer;
    this.pass = Pass.evaluation(kernels);
  }

  /** Returns the lines to print for a row. */
  List<String> trace(RawRow row) {
    float[] parameters = model.parameters();
    Matrix x = encoded(row);
    float target = model.encoder().target(row);
    if (model.network().members() > 1) {
      int members = model.network().members();
      lines.add("The first of an ensemble of " + members + " networks, which learn apart.");
    }
    value("X", "the row, encoded", x);
    value("y", targetText(target), Matrix.of(1, 1, target));
    Matrix last = forward(parameters, x);
    Matrix gradient = lossAndGradient(last, target);
    float[] gradientSum = backward(parameters, gradient);
    update(parameters, gradientSum);
    return lines;
  }

  private Matrix encoded(RawRow row) {
    var layout = model.encoder().layout();
    float[] cells = new float[layout.cells()];
    model.encoder().encode(row, cells, 0);
    Matrix x = Matrix.zeros(1, layout.inputs());
    layout.expand(cells, 0, x.array(), 0);
    return x;
  }

  private String targetText(float target) {
    return model.encoder().label() instanceof LabelEncoding.Classes classes
        ? "the class \"" + classes.names().get((int) target) + "\""
        : "the label, as trained on";
  }

  private Matrix forward(float[] parameters, Matrix x) {
    Matrix current = x;
    for (int i = 0; i < model.network().layers().size(); i++) {
      Layer layer = model.network().layers().get(i);
      Slice own = model.network().slice(parameters, 0, i);
      Matrix memory = Matrix.zeros(1, layer.memoryWidth());
      Matrix output = Matrix.zeros(1, layer.outputs());
      layer.forward(pass, own, current, memory, output);
      inputs.add(current);
      memories.add(memory);
      outputs.add(output);
      if (layer instanceof Dense dense) {
        heading("Forward, " + describe(i, dense));
        value("W", "weights", dense.weights(own));
        value("b", "bias", row(dense.bias(own)));
        value("Z", "X · W + b", preactivations(dense, own, current));
        value("A", dense.activation().key() + "(Z)", output);
      }
      current = output;
    }
    return current;
  }

  private String describe(int index, Dense dense) {
    return String.format(
        Locale.ROOT,
        "layer %d: dense, %d to %d",
        denseIndex(index),
        dense.inputs(),
        dense.outputs());
  }

  /** Returns a layer's number among the dense layers, as in network.safetensors. */
  private long denseIndex(int index) {
    return model.network().layers().stream().limit(index).filter(Dense.class::isInstance).count();
  }

  private Matrix preactivations(Dense dense, Slice parameters, Matrix x) {
    Matrix z = Matrix.zeros(1, dense.outputs());
    pass.kernels().affine(x, dense.weights(parameters), dense.bias(parameters), z);
    return z;
  }

  private Matrix lossAndGradient(Matrix last, float target) {
    Matrix gradient = Matrix.zeros(1, last.columns());
    double loss =
        model
            .loss()
            .sumAndGradient(last, Matrix.of(1, 1, target), Slice.of(new float[] {1}), gradient);
    heading("Loss, " + model.loss().key());
    value("L", LOSS_FORMULAS.getOrDefault(model.loss().key(), ""), Matrix.of(1, 1, (float) loss));
    value("∂L/∂A", "its derivative", gradient);
    return gradient;
  }

  private float[] backward(float[] parameters, Matrix lossGradient) {
    float[] gradientSum = new float[parameters.length];
    Matrix gradient = lossGradient;
    for (int i = model.network().layers().size() - 1; i >= 0; i--) {
      Layer layer = model.network().layers().get(i);
      Slice own = model.network().slice(gradientSum, 0, i);
      boolean isDense = layer instanceof Dense;
      if (layer instanceof Dense dense) {
        heading("Backward, " + describe(i, dense));
        value("∂L/∂A", "from above", gradient);
        value("σ'(Z)", "derivative of " + dense.activation().key(), derivative(dense, i));
      }
      layer.parameterGradient(pass, inputs.get(i), memories.get(i), outputs.get(i), gradient, own);
      if (layer instanceof Dense dense) {
        value("∂L/∂Z", "∂L/∂A ⊙ σ'(Z)", gradient);
        value("∂L/∂W", "Xᵀ · ∂L/∂Z", dense.weights(own));
        value("∂L/∂b", "Σ ∂L/∂Z over the rows", row(dense.bias(own)));
      }
      if (i > 0) {
        Matrix below = Matrix.zeros(1, layer.inputs());
        layer.inputGradient(pass, model.network().slice(parameters, 0, i), gradient, below);
        if (isDense) {
          value("∂L/∂X", "∂L/∂Z · Wᵀ", below);
        }
        gradient = below;
      }
    }
    return gradientSum;
  }

  /** Returns σ'(Z): what a gradient of ones becomes. */
  private Matrix derivative(Dense dense, int index) {
    Matrix ones = Matrix.zeros(1, dense.outputs());
    ones.asSlice().fill(1);
    dense.activation().multiplyByDerivative(memories.get(index), outputs.get(index), ones);
    return ones;
  }

  private void update(float[] parameters, float[] gradientSum) {
    optimizer.step(
        parameters, gradientSum, optimizer.newState(parameters.length), model.network().weights());
    heading(
        String.format(
            Locale.ROOT,
            "Update, %s, learning rate %s",
            optimizer.key(),
            number(optimizer.schedule().learningRate(0))));
    for (int i = 0; i < model.network().layers().size(); i++) {
      if (model.network().layers().get(i) instanceof Dense dense) {
        Slice own = model.network().slice(parameters, 0, i);
        value("W'", "new weights, layer " + denseIndex(i), dense.weights(own));
        value("b'", "new bias, layer " + denseIndex(i), row(dense.bias(own)));
      }
    }
  }

  private static Matrix row(Slice values) {
    return values.asMatrix(1, values.length());
  }

  private void heading(String text) {
    lines.add("");
    lines.add(text);
  }

  private void value(String name, String formula, Matrix matrix) {
    String shape = matrix.rows() + " × " + matrix.columns();
    String prefix = String.format(Locale.ROOT, "  %-6s %-34s", name, formula);
    if (matrix.rows() == 1 || matrix.columns() == 1) {
      String size = matrix.rows() * matrix.columns() == 1 ? "" : "   (" + shape + ")";
      lines.add(prefix + "= " + vector(matrix.asSlice()) + size);
      return;
    }
    lines.add(prefix + "=   (" + shape + ")");
    for (int i = 0; i < matrix.rows(); i++) {
      if (i == SHOWN && matrix.rows() > SHOWN + 1) {
        lines.add("           …");
        break;
      }
      lines.add("           " + vector(matrix.row(i)));
    }
  }

  private static String vector(Slice values) {
    if (values.length() == 1) {
      return number(values.get(0));
    }
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < values.length(); i++) {
      if (i == SHOWN && values.length() > SHOWN + 1) {
        shown.add("…");
        break;
      }
      shown.add(number(values.get(i)));
    }
    return "[" + String.join(", ", shown) + "]";
  }

  /** Returns a number to six significant digits, without needless zeros. */
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.6g", value);
    return text.contains("e") || !text.contains(".")
        ? text
        : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
