package chainrule.optim;

import chainrule.math.Check;

/** The ranges that hyperparameters of several optimizers and schedules share. */
final class Rules {
  private Rules() {}

  static void requireLearningRate(double rate) {
    Check.argument(rate > 0 && Double.isFinite(rate), "learning rate", rate, "> 0 and finite");
  }

  static void requireMinimum(double minimum, double rate) {
    Check.argument(
        minimum >= 0 && minimum <= rate,
        "minimum learning rate",
        minimum,
        ">= 0 and <= the learning rate, " + rate);
  }

  static void requireFactor(double factor) {
    Check.argument(factor > 0 && factor <= 1, "factor", factor, "> 0 and <= 1");
  }

  static void requireSteps(String what, long steps) {
    Check.argument(steps >= 1, what, steps, ">= 1");
  }

  /** How much of an average an optimizer keeps: at 1 it would never learn anything new. */
  static void requireKeptShare(String what, double share) {
    Check.argument(share >= 0 && share < 1, what, share, ">= 0 and < 1");
  }

  /** At 0, a parameter whose gradient is always 0 would become 0 / 0. */
  static void requireEpsilon(double epsilon) {
    Check.argument(epsilon > 0 && Double.isFinite(epsilon), "epsilon", epsilon, "> 0 and finite");
  }

  /** Unlike the others this is called at every step, so it boxes nothing that is valid. */
  static void requireStep(long step) {
    if (step < 0) {
      throw Check.invalid("step", step, ">= 0");
    }
  }
}
