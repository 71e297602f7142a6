package chainrule.jobs;

import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Pass;
import chainrule.nn.Residual;
import chainrule.optim.Optimizer;
import chainrule.train.TrainedModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Prints the forward pass, the backward pass and the update of one row, with every intermediate
 * value and its formula, as in a textbook. Dropout is off.
 */
final class Tracer {
  /** Values of a row or column that are shown; the rest of longer ones is left out. */
  private static final int SHOWN = 8;

  private final TrainedModel model;
  private final Optimizer optimizer;
  private final Pass pass;
  private final List<String> lines = new ArrayList<>();

  /** The steps of the forward pass, for the backward pass; the last layer first. */
  private final Deque<Step> steps = new ArrayDeque<>();

  private int denseLayers;

  /**
   * A layer of the forward pass.
   *
   * @param offset of its parameters
   * @param name with the index of the last dense layer up to here, as in network.safetensors
   */
  private record Step(Layer layer, LayerView view, int offset, String name, LayerView.Row row) {}

  Tracer(TrainedModel model, Optimizer optimizer, Kernels kernels) {
    this.model = model;
    this.optimizer = optimizer;
    this.pass = Pass.evaluation(kernels);
  }

  /** Returns the lines to print for a row. */
  List<String> trace(RawRow row) {
    float[] parameters = model.parameters();
    Matrix x = encoded(row);
    Matrix y = Matrix.zeros(1, model.encoder().label().count());
    model.encoder().targets(row, y.array(), 0);
    if (model.network().members() > 1) {
      int members = model.network().members();
      lines.add("The first of an ensemble of " + members + " networks, which train independently.");
    }
    value("X", "the row, encoded", x);
    value("y", targetText(y), y);
    Matrix last = forward(model.network().layers(), 0, parameters, x);
    Matrix gradient = lossAndGradient(last, y);
    float[] gradientSum = backward(parameters, gradient);
    update(parameters, gradientSum, x);
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

  private String targetText(Matrix y) {
    LabelEncoding label = model.encoder().label();
    if (label instanceof LabelEncoding.Classes classes) {
      return "the class \"" + classes.names().get((int) y.get(0, 0)) + "\"";
    }
    return label.count() == 1 ? "the label, as encoded" : "the labels, as encoded";
  }

  /** Computes the outputs of layers whose parameters begin at an offset. */
  private Matrix forward(List<Layer> layers, int offset, float[] parameters, Matrix x) {
    Matrix current = x;
    int at = offset;
    for (Layer layer : layers) {
      current =
          layer instanceof Residual block
              ? block(block, at, parameters, current)
              : forward(layer, at, parameters, current);
      at += layer.parameterCount();
    }
    return current;
  }

  private Matrix block(Residual block, int offset, float[] parameters, Matrix x) {
    Matrix sum = sum(x, forward(block.layers(), offset, parameters, x));
    heading("Forward, residual block");
    value("A", "X + F(X), the layers' outputs", sum);
    return sum;
  }

  private Matrix forward(Layer layer, int offset, float[] parameters, Matrix x) {
    Slice own = Slice.of(parameters, offset, layer.parameterCount());
    Matrix memory = Matrix.zeros(1, layer.memoryWidth());
    Matrix output = Matrix.zeros(1, layer.outputs());
    layer.forward(pass, own, x, memory, output);
    LayerView view = LayerView.of(layer);
    denseLayers += view.isCounted() ? 1 : 0;
    var row = new LayerView.Row(own, x, memory, output);
    var step = new Step(layer, view, offset, view.name(denseLayers - 1), row);
    steps.push(step);
    if (view.isShown()) {
      heading("Forward, " + step.name);
      values(view.forward(pass, row));
    }
    return output;
  }

  private Matrix lossAndGradient(Matrix last, Matrix y) {
    Matrix gradient = Matrix.zeros(1, last.columns());
    double loss = model.loss().sumAndGradient(last, y, Slice.of(new float[] {1}), gradient);
    heading("Loss, " + model.loss().key());
    value("L", model.loss().formula(), Matrix.of(1, 1, (float) loss));
    value("∂L/∂A", "its derivative", gradient);
    return gradient;
  }

  private float[] backward(float[] parameters, Matrix lossGradient) {
    float[] gradientSum = new float[parameters.length];
    backward(model.network().layers(), parameters, lossGradient, gradientSum);
    return gradientSum;
  }

  /**
   * Propagates the gradient of the outputs through layers, and returns the gradient of the inputs.
   */
  private Matrix backward(
      List<Layer> layers, float[] parameters, Matrix ofOutputs, float[] gradientSum) {
    Matrix gradient = ofOutputs;
    for (int i = layers.size() - 1; i >= 0; i--) {
      if (layers.get(i) instanceof Residual block) {
        Matrix through = backward(block.layers(), parameters, copy(gradient), gradientSum);
        gradient = sum(gradient, through);
        heading("Backward, residual block");
        value("∂L/∂X", "∂L/∂A + gradient through F", gradient);
      } else {
        gradient = backward(steps.pop(), parameters, gradient, gradientSum);
      }
    }
    return gradient;
  }

  private Matrix backward(Step step, float[] parameters, Matrix gradient, float[] gradientSum) {
    Layer layer = step.layer;
    Slice own = Slice.of(parameters, step.offset, layer.parameterCount());
    Slice sums = Slice.of(gradientSum, step.offset, layer.parameterCount());
    LayerView view = step.view;
    if (view.isShown()) {
      heading("Backward, " + step.name);
      value("∂L/∂A", "from the layer above", gradient);
    }
    LayerView.Row row = step.row;
    values(view.derivatives(row));
    layer.parameterGradient(pass, own, row.inputs(), row.memory(), row.outputs(), gradient, sums);
    values(view.gradients(sums, gradient));
    if (steps.isEmpty()) {
      return gradient; // the inputs are data
    }
    Matrix below = Matrix.zeros(1, steps.peek().layer.gradientWidth());
    layer.inputGradient(pass, own, row.memory(), gradient, below);
    if (view.isShown()) {
      value("∂L/∂X", view.inputGradient(), below);
    }
    return below;
  }

  private void update(float[] parameters, float[] gradientSum, Matrix x) {
    optimizer.step(
        parameters, gradientSum, optimizer.newState(parameters.length), model.network().weights());
    heading(
        String.format(
            Locale.ROOT,
            "Update, %s, learning rate %s",
            optimizer.key(),
            number(optimizer.schedule().learningRate(0))));
    int index = -1;
    for (Network.Place place : model.network().places()) {
      Slice own = Slice.of(parameters, place.offset(), place.layer().parameterCount());
      LayerView view = LayerView.of(place.layer());
      index += view.isCounted() ? 1 : 0;
      values(view.updated(own, index, x));
    }
  }

  private static Matrix sum(Matrix left, Matrix right) {
    Matrix sum = copy(left);
    for (int i = 0; i < sum.columns(); i++) {
      sum.set(0, i, left.get(0, i) + right.get(0, i));
    }
    return sum;
  }

  private static Matrix copy(Matrix row) {
    return row(Slice.of(row.asSlice().toArray()));
  }

  private static Matrix row(Slice values) {
    return values.asMatrix(1, values.length());
  }

  private void heading(String text) {
    lines.add("");
    lines.add(text);
  }

  private void values(List<LayerView.Value> values) {
    values.forEach(value -> value(value.name(), value.formula(), value.matrix()));
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
