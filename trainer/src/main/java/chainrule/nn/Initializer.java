package chainrule.nn;

import chainrule.math.Check;
import chainrule.math.RandomStream;
import chainrule.math.Slice;
import java.util.Locale;

/**
 * How weights start: normal deviates with mean 0 and a deviation that suits the layer. Biases start
 * at 0.
 *
 * <p>Source: He, Zhang, Ren, Sun 2015, arXiv 1502.01852; Glorot, Bengio 2010, AISTATS.
 */
public enum Initializer {
  /** Deviation √(2 / inputs) before a rectifier and its smooth kin, √(1 / inputs) before others. */
  HE {
    @Override
    double deviation(int inputs, int outputs, Activation activation) {
      return StrictMath.sqrt((activation.usesHe() ? 2.0 : 1.0) / inputs);
    }
  },
  /** Deviation √(2 / (inputs + outputs)). */
  GLOROT {
    @Override
    double deviation(int inputs, int outputs, Activation activation) {
      return StrictMath.sqrt(2.0 / ((double) inputs + outputs));
    }
  },
  /** Deviation 0.01: the textbook's. */
  NORMAL {
    @Override
    double deviation(int inputs, int outputs, Activation activation) {
      return 0.01;
    }
  };

  abstract double deviation(int inputs, int outputs, Activation activation);

  /** Returns the initializer that suits a network whose hidden layers have this activation. */
  public static Initializer suiting(Activation hidden) {
    return hidden.usesHe() ? HE : GLOROT;
  }

  /** Fills {@code weights}, those of a layer of {@code inputs} × {@code outputs}. */
  void fill(Slice weights, int inputs, int outputs, Activation activation, RandomStream random) {
    double deviation = deviation(inputs, outputs, activation);
    for (int i = 0; i < weights.length(); i++) {
      weights.set(i, (float) (deviation * random.nextGaussian()));
    }
  }

  /** Returns the name used in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the initializer of that name. */
  public static Initializer of(String key) {
    for (Initializer initializer : values()) {
      if (initializer.key().equals(key)) {
        return initializer;
      }
    }
    throw Check.invalid("initializer", '"' + key + '"', "he, glorot or normal");
  }
}
