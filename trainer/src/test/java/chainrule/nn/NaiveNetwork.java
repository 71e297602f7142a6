package chainrule.nn;

import java.util.Arrays;
import java.util.List;

/**
 * A multilayer perceptron in double precision, written from the textbook's formulas with plain
 * loops: what the float network is compared with. Parameters stand in one array in the network's
 * layout: the tables of embedded categories, and of each layer the weights, I × O, row-major, then
 * the bias, then the gain and the bias of its normalization.
 */
final class NaiveNetwork {
  /** What stands beside the dense layers: nothing, unless said otherwise. */
  record Extras(boolean normalized, boolean residual, List<Integer> tableRows, int tableWidth) {
    static final Extras NONE = new Extras(false, false, List.of(), 0);
  }

  private final int[] widths;
  private final Activation hidden;
  private final Activation output;
  private final Loss loss;
  private final Extras extras;

  NaiveNetwork(int[] widths, Activation hidden, Activation output, Loss loss) {
    this(widths, hidden, output, loss, Extras.NONE);
  }

  /**
   * @param widths of the first dense layer's inputs, the hidden layers and the outputs
   */
  NaiveNetwork(int[] widths, Activation hidden, Activation output, Loss loss, Extras extras) {
    this.widths = widths.clone();
    this.hidden = hidden;
    this.output = output;
    this.loss = loss;
    this.extras = extras;
  }

  int layers() {
    return widths.length - 1;
  }

  private Activation activation(int layer) {
    return layer == layers() - 1 ? output : hidden;
  }

  private boolean normalizes(int layer) {
    return extras.normalized && layer < layers() - 1;
  }

  private boolean skips(int layer) {
    boolean between = layer > 0 && layer < layers() - 1;
    return extras.residual && between && widths[layer] == widths[layer + 1];
  }

  private int parameters(int layer) {
    int out = widths[layer + 1];
    return widths[layer] * out + out + (normalizes(layer) ? 2 * out : 0);
  }

  /** What a row comes to in a layer. */
  private static final class Step {
    double[] x;
    double[] normalized;
    double deviation;
    double[] z;
    double[] a;
  }

  /** Returns Σ_r w_r · loss_r. */
  double lossSum(double[] parameters, double[][] rows, double[][] targets, double[] weights) {
    double sum = 0;
    for (int r = 0; r < rows.length; r++) {
      sum += weights[r] * loss(outputs(parameters, rows[r]), targets[r]);
    }
    return sum;
  }

  double[] outputs(double[] parameters, double[] row) {
    return steps(parameters, row)[layers() - 1].a;
  }

  /** Returns the gradient of that sum, by the chain rule. */
  double[] gradient(double[] parameters, double[][] rows, double[][] targets, double[] weights) {
    double[] gradient = new double[parameters.length];
    for (int r = 0; r < rows.length; r++) {
      Step[] steps = steps(parameters, rows[r]);
      double[] da = lossGradient(steps[layers() - 1].a, targets[r]);
      for (int o = 0; o < da.length; o++) {
        da[o] *= weights[r];
      }
      int end = parameters.length;
      for (int layer = layers() - 1; layer >= 0; layer--) {
        Step step = steps[layer];
        int in = widths[layer];
        int out = widths[layer + 1];
        int at = end - parameters(layer);
        double[] dz = backward(activation(layer), step.z, da);
        double[] du = dz;
        if (normalizes(layer)) {
          int norm = at + in * out + out;
          double[] dn = new double[out];
          for (int o = 0; o < out; o++) {
            gradient[norm + o] += dz[o] * step.normalized[o];
            gradient[norm + out + o] += dz[o];
            dn[o] = dz[o] * parameters[norm + o];
          }
          du = throughNormalization(step, dn);
        }
        double[] dx = new double[in];
        for (int i = 0; i < in; i++) {
          dx[i] = skips(layer) ? da[i] : 0;
          for (int o = 0; o < out; o++) {
            gradient[at + i * out + o] += step.x[i] * du[o];
            dx[i] += du[o] * parameters[at + i * out + o];
          }
        }
        for (int o = 0; o < out; o++) {
          gradient[at + in * out + o] += du[o];
        }
        da = dx;
        end = at;
      }
      addTableGradients(rows[r], da, gradient);
    }
    return gradient;
  }

  /** By the derivatives of each normalized unit by each unit: (δ − 1/n − n̂ₖ n̂ᵢ / n) / s. */
  private static double[] throughNormalization(Step step, double[] dn) {
    int n = dn.length;
    double[] du = new double[n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double part = (k == i ? 1 : 0) - 1.0 / n - step.normalized[k] * step.normalized[i] / n;
        du[i] += dn[k] * part / step.deviation;
      }
    }
    return du;
  }

  private int passedThrough() {
    return widths[0] - extras.tableRows.size() * extras.tableWidth;
  }

  private void addTableGradients(double[] row, double[] dx, double[] gradient) {
    int table = 0;
    for (int k = 0; k < extras.tableRows.size(); k++) {
      int index = (int) row[passedThrough() + k];
      for (int i = 0; i < extras.tableWidth; i++) {
        gradient[table + index * extras.tableWidth + i] +=
            dx[passedThrough() + k * extras.tableWidth + i];
      }
      table += extras.tableRows.get(k) * extras.tableWidth;
    }
  }

  /** Returns what the first dense layer sees: indices replaced by rows of their tables. */
  private double[] firstInputs(double[] parameters, double[] row) {
    double[] x = Arrays.copyOf(row, widths[0]);
    int table = 0;
    for (int k = 0; k < extras.tableRows.size(); k++) {
      int index = (int) row[passedThrough() + k];
      for (int i = 0; i < extras.tableWidth; i++) {
        x[passedThrough() + k * extras.tableWidth + i] =
            parameters[table + index * extras.tableWidth + i];
      }
      table += extras.tableRows.get(k) * extras.tableWidth;
    }
    return x;
  }

  private Step[] steps(double[] parameters, double[] row) {
    Step[] steps = new Step[layers()];
    double[] x = firstInputs(parameters, row);
    int at = extras.tableRows.stream().mapToInt(Integer::intValue).sum() * extras.tableWidth;
    for (int layer = 0; layer < layers(); layer++) {
      int in = widths[layer];
      int out = widths[layer + 1];
      Step step = new Step();
      step.x = x;
      step.z = new double[out];
      for (int o = 0; o < out; o++) {
        step.z[o] = parameters[at + in * out + o];
        for (int i = 0; i < in; i++) {
          step.z[o] += x[i] * parameters[at + i * out + o];
        }
      }
      if (normalizes(layer)) {
        normalize(step, parameters, at + in * out + out);
      }
      step.a = value(activation(layer), step.z);
      x = step.a.clone();
      for (int i = 0; skips(layer) && i < in; i++) {
        x[i] += step.x[i];
      }
      steps[layer] = step;
      at += parameters(layer);
    }
    return steps;
  }

  private static void normalize(Step step, double[] parameters, int gain) {
    int n = step.z.length;
    double mean = Arrays.stream(step.z).sum() / n;
    double variance = Arrays.stream(step.z).map(z -> (z - mean) * (z - mean)).sum() / n;
    step.deviation = Math.sqrt(variance + 1e-5);
    step.normalized = Arrays.stream(step.z).map(z -> (z - mean) / step.deviation).toArray();
    for (int i = 0; i < n; i++) {
      step.z[i] = parameters[gain + i] * step.normalized[i] + parameters[gain + n + i];
    }
  }

  /** Returns the least distance of anything to a point where a derivative jumps. */
  double distanceToKinks(double[] parameters, double[][] rows, double[][] targets) {
    double least = Double.POSITIVE_INFINITY;
    for (int r = 0; r < rows.length; r++) {
      Step[] steps = steps(parameters, rows[r]);
      for (int layer = 0; layer < layers(); layer++) {
        boolean kinked =
            activation(layer) == Activation.RELU || activation(layer) == Activation.LEAKY_RELU;
        for (double value : steps[layer].z) {
          least = kinked ? Math.min(least, Math.abs(value)) : least;
        }
        if (normalizes(layer) && steps[layer].z.length > 1) {
          // Two units that are nearly alike are brought far apart, and so are their roundings.
          least = Math.min(least, steps[layer].deviation / 100);
        }
      }
      if (loss instanceof Mae) {
        double[] outputs = steps[layers() - 1].a;
        for (int o = 0; o < outputs.length; o++) {
          least = Math.min(least, Math.abs(outputs[o] - targets[r][o]));
        }
      }
    }
    return least;
  }

  static double[] value(Activation activation, double[] z) {
    double[] a = new double[z.length];
    double powers = Arrays.stream(z).map(StrictMath::exp).sum();
    for (int i = 0; i < z.length; i++) {
      a[i] =
          activation == Activation.SOFTMAX ? StrictMath.exp(z[i]) / powers : one(activation, z[i]);
    }
    return a;
  }

  private static double one(Activation activation, double z) {
    return switch (activation) {
      case RELU -> Math.max(z, 0);
      case LEAKY_RELU -> z > 0 ? z : 0.01 * z;
      case ELU -> z > 0 ? z : StrictMath.exp(z) - 1;
      case GELU -> z * normalCdf(z);
      case GELU_TANH -> z * 0.5 * (1 + StrictMath.tanh(geluArgument(z)));
      case SILU -> z * sigmoid(z);
      case SOFTPLUS -> StrictMath.log(1 + StrictMath.exp(z));
      case TANH -> StrictMath.tanh(z);
      case SIGMOID -> sigmoid(z);
      case IDENTITY -> z;
      case SOFTMAX -> throw new IllegalArgumentException("softmax is not elementwise");
      default -> ActivationTest.formula(activation).apply(new double[] {z})[0];
    };
  }

  private static double[] backward(Activation activation, double[] z, double[] da) {
    double[] dz = new double[z.length];
    double[] a = value(activation, z);
    for (int i = 0; i < z.length; i++) {
      if (activation != Activation.SOFTMAX) {
        dz[i] = da[i] * derivative(activation, z[i]);
        continue;
      }
      for (int k = 0; k < z.length; k++) {
        dz[i] += da[k] * a[k] * ((k == i ? 1 : 0) - a[i]);
      }
    }
    return dz;
  }

  private static double derivative(Activation activation, double z) {
    double s = sigmoid(z);
    return switch (activation) {
      case RELU -> z > 0 ? 1 : 0;
      case LEAKY_RELU -> z > 0 ? 1 : 0.01;
      case ELU -> z > 0 ? 1 : StrictMath.exp(z);
      case GELU -> normalCdf(z) + z * StrictMath.exp(-z * z / 2) / StrictMath.sqrt(2 * Math.PI);
      case GELU_TANH -> {
        double t = StrictMath.tanh(geluArgument(z));
        double slope = StrictMath.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z);
        yield 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * slope;
      }
      case SILU -> s + z * s * (1 - s);
      case SOFTPLUS -> s;
      case TANH -> 1 - StrictMath.tanh(z) * StrictMath.tanh(z);
      case SIGMOID -> s * (1 - s);
      case IDENTITY -> 1;
      case SOFTMAX -> throw new IllegalArgumentException("softmax is not elementwise");
      // Cube root of a double's machine epsilon: rounding and truncation error are about equal.
      default -> (one(activation, z + 6e-6) - one(activation, z - 6e-6)) / 1.2e-5;
    };
  }

  private static double sigmoid(double z) {
    return 1 / (1 + StrictMath.exp(-z));
  }

  private static double geluArgument(double z) {
    return StrictMath.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z);
  }

  /** Φ(z) = ½ + φ(z) · (z + z³/3 + z⁵/(3·5) + …), which converges everywhere. */
  private static double normalCdf(double z) {
    double term = z;
    double sum = z;
    for (int n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
      term *= z * z / n;
      sum += term;
    }
    return 0.5 + sum * StrictMath.exp(-z * z / 2) / StrictMath.sqrt(2 * Math.PI);
  }

  /** The loss of one row: targets are values, or a class index. */
  private double loss(double[] a, double[] y) {
    double sum = 0;
    if (loss instanceof SoftmaxCrossEntropy entropy) {
      double[] p = value(Activation.SOFTMAX, a);
      double[] t = smoothed(a.length, (int) y[0], entropy.labelSmoothing());
      for (int c = 0; c < a.length; c++) {
        sum -= t[c] * StrictMath.log(p[c]);
      }
    } else if (loss instanceof BinaryCrossEntropy entropy) {
      double p = sigmoid(a[0]);
      double t = smoothed(2, (int) y[0], entropy.labelSmoothing())[1];
      sum = -t * StrictMath.log(p) - (1 - t) * StrictMath.log(1 - p);
    } else {
      double[] t = values(a, y);
      for (int o = 0; o < a.length; o++) {
        double d = a[o] - t[o];
        if (loss instanceof HalfMse) {
          sum += d * d / 2;
        } else if (loss instanceof Mae) {
          sum += Math.abs(d);
        } else if (loss instanceof Huber huber) {
          double delta = huber.delta();
          sum += Math.abs(d) <= delta ? d * d / 2 : delta * (Math.abs(d) - delta / 2);
        } else if (loss instanceof Poisson) {
          sum += StrictMath.exp(a[o]) - t[o] * a[o];
        } else {
          throw new IllegalArgumentException("No formula here for the loss " + loss.key());
        }
      }
    }
    return sum;
  }

  private double[] lossGradient(double[] a, double[] y) {
    double[] gradient = new double[a.length];
    if (loss instanceof SoftmaxCrossEntropy entropy) {
      double[] p = value(Activation.SOFTMAX, a);
      double[] t = smoothed(a.length, (int) y[0], entropy.labelSmoothing());
      for (int c = 0; c < a.length; c++) {
        gradient[c] = p[c] - t[c];
      }
    } else if (loss instanceof BinaryCrossEntropy entropy) {
      gradient[0] = sigmoid(a[0]) - smoothed(2, (int) y[0], entropy.labelSmoothing())[1];
    } else {
      double[] t = values(a, y);
      for (int o = 0; o < a.length; o++) {
        double d = a[o] - t[o];
        if (loss instanceof HalfMse) {
          gradient[o] = d;
        } else if (loss instanceof Mae) {
          gradient[o] = Math.signum(d);
        } else if (loss instanceof Huber huber) {
          gradient[o] = Math.abs(d) <= huber.delta() ? d : huber.delta() * Math.signum(d);
        } else if (loss instanceof Poisson) {
          gradient[o] = StrictMath.exp(a[o]) - t[o];
        } else {
          throw new IllegalArgumentException("No formula here for the loss " + loss.key());
        }
      }
    }
    return gradient;
  }

  private static double[] smoothed(int classes, int target, double smoothing) {
    double[] t = new double[classes];
    Arrays.fill(t, smoothing / classes);
    t[target] += 1 - smoothing;
    return t;
  }

  private static double[] values(double[] a, double[] y) {
    return a.length > 1 && y.length == 1 ? smoothed(a.length, (int) y[0], 0) : y;
  }
}
