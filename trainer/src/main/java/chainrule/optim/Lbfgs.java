package chainrule.optim;

import chainrule.math.Check;
import java.util.Arrays;
import java.util.Map;

/**
 * L-BFGS: a line search along {@code d = -H·g}, where the inverse Hessian H is known from the last
 * m steps and what they did to the gradient.
 *
 * <p>A step needs the loss and the gradient of one and the same function at several points, so over
 * all rows and without dropout. It ends where {@link WolfeSearch} says. Training has converged when
 * neither the last step nor the one to come lowers the loss by more than {@code tolerance} of it.
 * The last one's part is known by the trapezoid rule, {@code s·y / 2 - s·g}, the next one's
 * expected to be {@code -g·d / 2}: so convergence follows from the parameters and the state alone.
 *
 * <p>Moments: for each place i of m the last steps' difference of parameters at 2i and of gradients
 * at 2i + 1, P values each; step k writes place k mod m; zeros where there is none. The state's
 * step counts the iterations.
 *
 * <p>Parameters and moments are float, inner products and directions double, in index order on the
 * calling thread. Threads may share it. Errors: {@link IllegalArgumentException} from the
 * constructor, or if sizes disagree.
 *
 * <p>Source: Nocedal, Wright, <i>Numerical Optimization</i> (2006), algorithms 7.4 and 7.5, first
 * scaling by equation 7.20.
 *
 * @param memory m, the steps remembered
 * @param tolerance the relative decrease at which training has converged; 0: only where no lower
 *     point is found
 */
public record Lbfgs(int memory, double tolerance) implements Solver {
  /** The name that configuration and logs use; MLlib's perceptron writes l-bfgs. */
  public static final String KEY = "lbfgs";

  private static final int GREATEST_MEMORY = 100;
  private static final Map<String, Double> DEFAULTS = Map.of("memory", 10.0, "tolerance", 1e-6);

  public Lbfgs {
    Check.argument(
        memory >= 1 && memory <= GREATEST_MEMORY,
        "memory",
        memory,
        "a whole number from 1 to " + GREATEST_MEMORY);
    Check.argument(
        tolerance >= 0 && Double.isFinite(tolerance), "tolerance", tolerance, ">= 0 and finite");
  }

  /** Returns 10 steps remembered and a tolerance of 10⁻⁶, as MLlib has it. */
  public static Lbfgs withDefaults() {
    return of(Map.of());
  }

  /** Returns what these hyperparameters say, by name: memory and tolerance. */
  static Lbfgs of(Map<String, Double> hyperparameters) {
    hyperparameters
        .keySet()
        .forEach(
            name ->
                Check.argument(
                    DEFAULTS.containsKey(name),
                    "hyperparameter of " + KEY,
                    name,
                    "one of [memory, tolerance]"));
    double memory = hyperparameters.getOrDefault("memory", DEFAULTS.get("memory"));
    Check.argument(
        memory == Math.rint(memory) && memory >= 1 && memory <= GREATEST_MEMORY,
        "memory",
        memory,
        "a whole number from 1 to " + GREATEST_MEMORY);
    return new Lbfgs(
        (int) memory, hyperparameters.getOrDefault("tolerance", DEFAULTS.get("tolerance")));
  }

  /** What is minimized. */
  public interface Function {
    /**
     * Returns the value at a point and writes its gradient.
     *
     * @param parameters P values; only read, and not kept
     * @param gradient P values, overwritten
     */
    double valueAndGradient(float[] parameters, float[] gradient);
  }

  /** A point and what a function is there. Owns the gradient, shares the parameters. */
  public static final class Point {
    private final Function function;
    private final float[] parameters;
    private float[] gradient;
    private double value;

    /**
     * Evaluates a function.
     *
     * @param parameters P values, which steps from here change
     */
    public Point(Function function, float[] parameters) {
      this.function = function;
      this.parameters = parameters;
      this.gradient = new float[parameters.length];
      this.value = function.valueAndGradient(parameters, gradient);
    }

    /** Returns the function's value. */
    public double value() {
      return value;
    }

    /** Returns the gradient, P values: the array itself, only to be read. */
    public float[] gradient() {
      return gradient;
    }
  }

  /** How an iteration ended. */
  public enum Outcome {
    /** The point moved. */
    MOVED,
    /** The point stayed: steps lower the value by no more than the tolerance. */
    CONVERGED,
    /** The point stayed: no lower value was found along the line, as far as floats tell. */
    STUCK
  }

  /**
   * What an iteration did.
   *
   * @param outcome whether it moved, and if not why
   * @param length of the step, by the direction's
   * @param evaluations of the function
   */
  public record Iteration(Outcome outcome, double length, int evaluations) {}

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public OptimizerState newState(int parameterCount) {
    return OptimizerState.zeros(2 * memory, parameterCount);
  }

  /**
   * Moves a point to a lower one, if it can: then the point and the state change. Where the
   * remembered steps lead to no lower point they are forgotten, and the gradient is followed.
   */
  public Iteration iterate(Point point, OptimizerState state) {
    state.requireFits(2 * memory, point.parameters, point.gradient);
    double[] direction = direction(point.gradient, state);
    double slope = dot(direction, point.gradient);
    boolean remembers = hasMoments(state);
    double most = Math.max(-slope / 2, lastDecrease(point, state));
    // Without any curvature known, the slope says nothing about the decrease to expect.
    if (slope == 0 || (remembers && most <= tolerance * Math.abs(point.value))) {
      return new Iteration(Outcome.CONVERGED, 0, 0);
    }
    Iteration first = search(point, state, direction, remembers ? 1 : firstStep(slope));
    if (first.outcome == Outcome.MOVED || !remembers) {
      return first;
    }
    state.moments().forEach(moment -> Arrays.fill(moment, 0));
    direction = direction(point.gradient, state);
    slope = dot(direction, point.gradient);
    Iteration second = search(point, state, direction, firstStep(slope));
    return new Iteration(second.outcome, second.length, first.evaluations + second.evaluations);
  }

  private double lastDecrease(Point point, OptimizerState state) {
    float[] s = moved(state, 1);
    return dot(s, turned(state, 1)) / 2 - dot(s, point.gradient);
  }

  /** Without any curvature known, a step of length 1 at most. */
  private static double firstStep(double slope) {
    return Math.min(1, 1 / StrictMath.sqrt(-slope)); // the direction is -g, so -slope is ‖g‖²
  }

  private Iteration search(
      Point point, OptimizerState state, double[] direction, double firstStep) {
    int count = point.parameters.length;
    var trials = new Trials(point, direction);
    var start = new WolfeSearch.Trial(0, point.value, dot(direction, point.gradient));
    // A direction that does not descend can come of rounding alone.
    if (!(start.slope() < 0)) {
      return new Iteration(Outcome.STUCK, 0, 0);
    }
    var search = new WolfeSearch(trials, start);
    WolfeSearch.Trial found = search.search(firstStep);
    if (found.step() == 0) {
      return new Iteration(Outcome.STUCK, 0, search.evaluations());
    }
    trials.require(found);
    state.countStep();
    remember(point, trials, moved(state, 1), turned(state, 1));
    System.arraycopy(trials.parameters, 0, point.parameters, 0, count);
    point.gradient = trials.gradient;
    point.value = found.value();
    return new Iteration(Outcome.MOVED, found.step(), search.evaluations());
  }

  /** The function along a direction; keeps the last trial. */
  private static final class Trials implements WolfeSearch.Line {
    private final Point from;
    private final double[] direction;
    private final float[] parameters;
    private final float[] gradient;
    private double step;

    Trials(Point from, double[] direction) {
      this.from = from;
      this.direction = direction;
      this.parameters = new float[direction.length];
      this.gradient = new float[direction.length];
    }

    @Override
    public WolfeSearch.Trial at(double newStep) {
      step = newStep;
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] = (float) (from.parameters[i] + step * direction[i]);
      }
      double value = from.function.valueAndGradient(parameters, gradient);
      return new WolfeSearch.Trial(step, value, dot(direction, gradient));
    }

    /** Goes back to a trial, unless it was the last. */
    void require(WolfeSearch.Trial trial) {
      if (trial.step() != step) {
        at(trial.step());
      }
    }
  }

  private static void remember(Point point, Trials to, float[] moved, float[] turned) {
    for (int i = 0; i < moved.length; i++) {
      moved[i] = to.parameters[i] - point.parameters[i];
      turned[i] = to.gradient[i] - point.gradient[i];
    }
    // By Wolfe's second condition this is at least a tenth of the slope gone down, but for rounding
    // and an exhausted search.
    double curvature = dot(moved, turned);
    if (!(curvature > WolfeSearch.ROUNDING * -dot(moved, point.gradient))) {
      Arrays.fill(moved, 0);
      Arrays.fill(turned, 0);
    }
  }

  private static boolean hasMoments(OptimizerState state) {
    for (int i = 1; i < state.moments().size(); i += 2) {
      if (dot(state.moment(i), state.moment(i)) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns -H·g by the two loops over the remembered steps. */
  double[] direction(float[] gradient, OptimizerState state) {
    double[] d = new double[gradient.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = -gradient[i];
    }
    int known = (int) Math.min(state.step(), memory);
    double[] shares = new double[known];
    double scale = 0;
    for (int back = 1; back <= known; back++) { // the newest first
      float[] s = moved(state, back);
      float[] y = turned(state, back);
      double curvature = dot(s, y);
      if (curvature > 0) {
        shares[back - 1] = dot(d, s) / curvature;
        add(d, -shares[back - 1], y);
        scale = scale == 0 ? curvature / dot(y, y) : scale;
      }
    }
    if (scale > 0) {
      for (int i = 0; i < d.length; i++) {
        d[i] *= scale;
      }
    }
    for (int back = known; back >= 1; back--) {
      float[] s = moved(state, back);
      float[] y = turned(state, back);
      double curvature = dot(s, y);
      if (curvature > 0) {
        add(d, shares[back - 1] - dot(d, y) / curvature, s);
      }
    }
    return d;
  }

  private float[] moved(OptimizerState state, int back) {
    return state.moment(2 * place(state.step() - back));
  }

  private float[] turned(OptimizerState state, int back) {
    return state.moment(2 * place(state.step() - back) + 1);
  }

  private int place(long step) {
    return Math.floorMod(step, memory); // of step -1, the last place, which is empty
  }

  private static void add(double[] sum, double factor, float[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * values[i];
    }
  }

  private static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
