package chainrule.optim;

import chainrule.math.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * What an optimizer remembers between steps: how many steps it took, and its moments, each a number
 * for every parameter in the parameters' order. How many moments there are and what they mean is
 * the optimizer's affair; its Javadoc says.
 *
 * <p>A checkpoint is the parameters, {@link #step()} and {@link #moments()}; {@link #of} brings the
 * state back, and the steps that follow have the same bits as if there had been no break.
 *
 * <p>Owns its arrays; not for sharing by threads, since every step changes it.
 */
public final class OptimizerState {
  private final List<float[]> moments;
  private long step;

  private OptimizerState(long step, List<float[]> moments) {
    this.step = step;
    this.moments = moments;
  }

  /** Returns the state before the first step. */
  static OptimizerState zeros(int momentCount, int parameterCount) {
    Check.argument(parameterCount >= 0, "number of parameters", parameterCount, ">= 0");
    var moments = new ArrayList<float[]>(momentCount);
    for (int i = 0; i < momentCount; i++) {
      moments.add(new float[parameterCount]);
    }
    return of(0, moments);
  }

  /**
   * Returns a state with saved values. It takes the arrays over: they are not copied.
   *
   * @param step how many steps were taken
   * @param moments as {@link #moments()} gave them
   * @throws IllegalArgumentException if the step is negative or the moments' lengths differ; the
   *     optimizer checks at its next step whether the moments suit it
   */
  public static OptimizerState of(long step, List<float[]> moments) {
    Check.argument(step >= 0, "step", step, ">= 0");
    for (float[] moment : moments) {
      int length = moments.get(0).length;
      Check.argument(
          moment.length == length, "length of a moment", moment.length, length + " as the first");
    }
    return new OptimizerState(step, List.copyOf(moments));
  }

  /** Returns a copy that shares no array. */
  public OptimizerState copy() {
    return of(step, moments.stream().map(float[]::clone).toList());
  }

  /** Returns how many steps were taken: the number, from 0, of the step that comes next. */
  public long step() {
    return step;
  }

  /** Returns the moments themselves, not copies: they change at the next step. */
  public List<float[]> moments() {
    return moments;
  }

  float[] moment(int index) {
    return moments.get(index);
  }

  /** Counts one more step and returns how many that makes. */
  long countStep() {
    step++;
    return step;
  }

  /** Throws unless a step of an optimizer with so many moments can change these arrays. */
  void requireFits(int momentCount, float[] parameters, float[] meanGradient) {
    if (meanGradient.length != parameters.length) {
      throw Check.invalid(
          "length of the gradient", meanGradient.length, String.valueOf(parameters.length));
    }
    if (moments.size() != momentCount) {
      throw Check.invalid("number of moments", moments.size(), String.valueOf(momentCount));
    }
    if (momentCount > 0 && moments.get(0).length != parameters.length) {
      throw Check.invalid(
          "length of a moment", moments.get(0).length, String.valueOf(parameters.length));
    }
  }
}
