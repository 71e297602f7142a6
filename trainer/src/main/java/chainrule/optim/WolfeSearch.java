package chainrule.optim;

/**
 * Searches along a line for a step that satisfies the strong Wolfe conditions: φ(t) ≤ φ(0) + c₁ t
 * φ'(0) and |φ'(t)| ≤ c₂ |φ'(0)|, with c₁ = 10⁻⁴ and c₂ = 0.9, as suits quasi-Newton directions.
 *
 * <p>Near a minimum the decrease that the first condition asks for drowns in the rounding of
 * float32 outputs. So a value that equals φ(0) but for that rounding will do where the slope, which
 * suffers less, says that the line was followed downhill: (2 c₁ - 1) φ'(0) ≥ φ'(t).
 *
 * <p>Infinite and undefined values count as too high. Not for sharing.
 *
 * <p>Source: Nocedal, Wright, <i>Numerical Optimization</i> (2006), algorithms 3.5 and 3.6, and
 * equation 3.59 for the cubic; Hager, Zhang, <i>A new conjugate gradient method with guaranteed
 * descent and an efficient line search</i>, SIAM J. Optim. 16, 2005, for the condition on slopes.
 */
final class WolfeSearch {
  static final double SUFFICIENT_DECREASE = 1e-4;
  static final double CURVATURE = 0.9;

  /** The relative rounding of a float32, below which two values count as equal. */
  static final double ROUNDING = 0x1p-23;

  /** Evaluations after which the best step found must do. */
  static final int MAXIMUM_EVALUATIONS = 20;

  /** While the function falls, a trial step is at least and at most so many times the last. */
  private static final double LEAST_GROWTH = 1.1;

  private static final double GREATEST_GROWTH = 10;

  /** Two trials must narrow an interval to this share of it, or it is halved. */
  private static final double NARROWED = 0.66;

  /** The function along the line. */
  interface Line {
    /** Evaluates φ and φ' at a step. */
    Trial at(double step);
  }

  /**
   * What the function is at a step.
   *
   * @param step t
   * @param value φ(t)
   * @param slope φ'(t)
   */
  record Trial(double step, double value, double slope) {
    boolean isFinite() {
      return Double.isFinite(value) && Double.isFinite(slope);
    }
  }

  private final Line line;
  private final Trial start;
  private int evaluations;

  /**
   * @param start the line's begin; its slope is negative
   */
  WolfeSearch(Line line, Trial start) {
    this.line = line;
    this.start = start;
  }

  /** Returns how often the function was evaluated. */
  int evaluations() {
    return evaluations;
  }

  /**
   * Returns a step that satisfies the conditions, or else, when the evaluations are used up, the
   * lowest that at least decreases sufficiently; the start if there is none.
   */
  Trial search(double firstStep) {
    Trial before = start;
    double step = firstStep;
    while (evaluations < MAXIMUM_EVALUATIONS) {
      Trial trial = evaluate(step);
      if (isAccepted(trial)) {
        return trial;
      }
      boolean rises = before.step > 0 && !(trial.value < before.value);
      if (!decreases(trial) || rises) {
        return zoom(before, trial);
      }
      if (trial.slope >= 0) {
        return zoom(trial, before);
      }
      step = beyond(before, trial);
      before = trial;
    }
    return before;
  }

  /**
   * Narrows an interval that holds an acceptable step.
   *
   * @param lowest the end with the lower value, whose slope points into the interval
   */
  private Trial zoom(Trial lowest, Trial otherEnd) {
    Trial low = lowest;
    Trial high = otherEnd;
    double widthOneBefore = Double.POSITIVE_INFINITY;
    double widthTwoBefore = Double.POSITIVE_INFINITY;
    while (evaluations < MAXIMUM_EVALUATIONS) {
      double width = Math.abs(high.step - low.step);
      boolean narrows = width <= NARROWED * widthTwoBefore;
      Trial trial = evaluate(narrows ? between(low, high) : middle(low, high));
      widthTwoBefore = widthOneBefore;
      widthOneBefore = width;
      if (isAccepted(trial)) {
        return trial;
      }
      if (!decreases(trial) || !(trial.value < low.value)) {
        high = trial;
      } else {
        if (trial.slope * (high.step - low.step) >= 0) {
          high = low;
        }
        low = trial;
      }
    }
    return low;
  }

  private Trial evaluate(double step) {
    evaluations++;
    return line.at(step);
  }

  private boolean decreases(Trial trial) {
    return trial.isFinite()
        && trial.value <= start.value + SUFFICIENT_DECREASE * trial.step * start.slope;
  }

  private boolean isAccepted(Trial trial) {
    if (!trial.isFinite() || Math.abs(trial.slope) > CURVATURE * -start.slope) {
      return false;
    }
    boolean same = Math.abs(trial.value - start.value) <= ROUNDING * Math.abs(start.value);
    boolean downhill = (2 * SUFFICIENT_DECREASE - 1) * start.slope >= trial.slope;
    return decreases(trial) || (same && downhill);
  }

  /** Returns the next trial step when the function still falls. */
  private static double beyond(Trial before, Trial trial) {
    double least = LEAST_GROWTH * trial.step;
    double most = GREATEST_GROWTH * trial.step;
    double cubic = cubicMinimum(before, trial);
    return cubic > trial.step ? Math.max(least, Math.min(cubic, most)) : most;
  }

  /** Returns where the cubic of an interval is least, or its middle. */
  private static double between(Trial low, Trial high) {
    double cubic = high.isFinite() ? cubicMinimum(low, high) : Double.NaN;
    double share = (cubic - low.step) / (high.step - low.step);
    return share > 0 && share < 1 ? cubic : middle(low, high);
  }

  private static double middle(Trial low, Trial high) {
    return low.step + (high.step - low.step) / 2;
  }

  /** Returns where the cubic through two points with their slopes is least; NaN if nowhere. */
  private static double cubicMinimum(Trial a, Trial b) {
    double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
    double d2 = Math.signum(b.step - a.step) * StrictMath.sqrt(d1 * d1 - a.slope * b.slope);
    return b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
  }
}
