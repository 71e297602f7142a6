package chainrule.nn;

import chainrule.math.Elementary;
import chainrule.math.Matrix;

/**
 * How predictions follow from the outputs of a network, as its loss implies it, and how the
 * predictions of several networks are averaged. A closed set, since the export to ONNX has nodes
 * for each.
 *
 * <p>Constants hold nothing; threads may share them. Same bits on every CPU.
 */
public enum OutputFunction {
  /** Predictions are the outputs. */
  IDENTITY {
    @Override
    void apply(Matrix outputs) {}

    @Override
    void average(Matrix members, Matrix outputs) {
      MemberMeans.write(members, outputs, MemberMeans::mean);
    }
  },

  /** Outputs are logarithms of predictions: e^z. */
  EXP {
    @Override
    void apply(Matrix outputs) {
      float[] values = outputs.array();
      int end = outputs.offset() + outputs.rows() * outputs.columns();
      for (int i = outputs.offset(); i < end; i++) {
        values[i] = (float) Elementary.exp(values[i]);
      }
    }

    @Override
    void average(Matrix members, Matrix outputs) {
      MemberMeans.write(members, outputs, MemberMeans::logMeanExp);
    }
  },

  /** Each output is the logit of a probability: σ(z). */
  SIGMOID {
    @Override
    void apply(Matrix outputs) {
      Activation.SIGMOID.apply(outputs, outputs);
    }

    /** ln mean σ(z) - ln mean σ(-z), neither of which rounds to 0. */
    @Override
    void average(Matrix members, Matrix outputs) {
      MemberMeans.write(members, outputs, OutputFunction::logitOfMean);
    }
  },

  /** The outputs of a row are the logits of C classes. */
  SOFTMAX {
    @Override
    void apply(Matrix outputs) {
      Activation.SOFTMAX.apply(outputs, outputs);
    }

    /** Logarithms of the mean probabilities: logits whose softmax those are. */
    @Override
    void average(Matrix members, Matrix outputs) {
      int classes = outputs.columns();
      int count = MemberMeans.count(members, outputs);
      double[] logSums = new double[count];
      double[] logProbabilities = new double[count];
      for (int r = 0; r < outputs.rows(); r++) {
        int from = members.offset() + r * members.columns();
        for (int m = 0; m < count; m++) {
          logSums[m] = Softmax.logSumExp(members.array(), from + m * classes, classes);
        }
        for (int c = 0; c < classes; c++) {
          for (int m = 0; m < count; m++) {
            logProbabilities[m] = members.array()[from + m * classes + c] - logSums[m];
          }
          outputs.set(r, c, (float) MemberMeans.logMeanExp(logProbabilities));
        }
      }
    }
  };

  /** Turns outputs into predictions, in place. */
  abstract void apply(Matrix outputs);

  /** Writes the outputs whose predictions are the mean of the members'; see {@link Loss}. */
  abstract void average(Matrix members, Matrix outputs);

  private static double logitOfMean(double[] logits) {
    double[] ofOne = new double[logits.length];
    double[] ofZero = new double[logits.length];
    for (int m = 0; m < logits.length; m++) {
      ofOne[m] = -Elementary.softplus(-logits[m]); // ln σ(z)
      ofZero[m] = -Elementary.softplus(logits[m]);
    }
    return MemberMeans.logMeanExp(ofOne) - MemberMeans.logMeanExp(ofZero);
  }
}
