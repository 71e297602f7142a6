package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LbfgsTest {
  private static final Lbfgs TEN = new Lbfgs(10, 0);

  private static Lbfgs.Function function(Problem problem) {
    return (parameters, gradient) -> {
      problem.gradient(parameters, gradient);
      return problem.loss(parameters);
    };
  }

  /** Iterates until the point stays, and returns what the iterations did. */
  private static List<Lbfgs.Iteration> minimize(
      Lbfgs lbfgs, Lbfgs.Function function, float[] parameters, int most) {
    var point = new Lbfgs.Point(function, parameters);
    OptimizerState state = lbfgs.newState(parameters.length);
    var iterations = new ArrayList<Lbfgs.Iteration>();
    do {
      iterations.add(lbfgs.iterate(point, state));
    } while (iterations.get(iterations.size() - 1).outcome() == Lbfgs.Outcome.MOVED
        && iterations.size() < most);
    return iterations;
  }

  @ParameterizedTest
  @EnumSource
  void solvesWhatEveryOptimizerSolvesInFewIterations(Problem problem) {
    float[] parameters = problem.start();
    List<Lbfgs.Iteration> iterations = minimize(TEN, function(problem), parameters, 60);
    assertThat(problem.loss(parameters)).isLessThan(1e-11);
    assertThat(iterations.stream().mapToInt(Lbfgs.Iteration::evaluations).sum()).isLessThan(120);
  }

  /** A random convex quadratic ½ xᵀAx - bᵀx in double, with A = MMᵀ + I. */
  private static final class Quadratic implements Lbfgs.Function {
    private final int n;
    private final double[][] a;
    private final double[] b;

    Quadratic(int n) {
      this.n = n;
      this.a = new double[n][n];
      this.b = new double[n];
      var random = new RandomStream(3);
      double[][] m = new double[n][n];
      for (int i = 0; i < n; i++) {
        b[i] = random.nextGaussian();
        for (int j = 0; j < n; j++) {
          m[i][j] = random.nextGaussian();
        }
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          for (int k = 0; k < n; k++) {
            a[i][j] += m[i][k] * m[j][k];
          }
          a[i][j] += i == j ? 1 : 0;
        }
      }
    }

    @Override
    public double valueAndGradient(float[] x, float[] gradient) {
      double value = 0;
      for (int i = 0; i < n; i++) {
        double row = 0;
        for (int j = 0; j < n; j++) {
          row += a[i][j] * x[j];
        }
        gradient[i] = (float) (row - b[i]);
        value += x[i] * (row / 2 - b[i]);
      }
      return value;
    }

    /** Solves Ax = b by elimination. */
    double[] minimum() {
      double[][] left = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
      double[] x = b.clone();
      for (int i = 0; i < n; i++) { // A is positive definite: no pivot is 0
        for (int j = i + 1; j < n; j++) {
          double factor = left[j][i] / left[i][i];
          for (int k = i; k < n; k++) {
            left[j][k] -= factor * left[i][k];
          }
          x[j] -= factor * x[i];
        }
      }
      for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) {
          x[i] -= left[i][k] * x[k];
        }
        x[i] /= left[i][i];
      }
      return x;
    }
  }

  @Test
  void findsTheMinimumOfAQuadratic() {
    var quadratic = new Quadratic(20);
    float[] parameters = new float[20];
    minimize(TEN, quadratic, parameters, 200);
    double[] expected = quadratic.minimum();
    for (int i = 0; i < expected.length; i++) {
      // Float gradients of a condition number of about a hundred.
      assertThat((double) parameters[i]).as("[%d]", i).isCloseTo(expected[i], within(2e-5));
    }
  }

  @Test
  void takesTheDirectionOfTheDenseInverseHessian() {
    int n = 6;
    Lbfgs lbfgs = new Lbfgs(4, 0);
    var quadratic = new Quadratic(n);
    float[] parameters = {1, -1, 2, 0.5f, -3, 1};
    var point = new Lbfgs.Point(quadratic, parameters);
    OptimizerState state = lbfgs.newState(n);
    float[] gradient = new float[n];
    for (int step = 1; step <= 7; step++) {
      assertThat(lbfgs.iterate(point, state).outcome()).isEqualTo(Lbfgs.Outcome.MOVED);
      quadratic.valueAndGradient(parameters, gradient);
      double[] expected = denseDirection(lbfgs, state, gradient);
      double[] actual = lbfgs.direction(gradient, state);
      double size = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < n; i++) {
        // Both are in double; they differ in the order of their operations.
        assertThat(actual[i])
            .as("step %d [%d]", step, i)
            .isCloseTo(expected[i], within(1e-9 * size));
      }
    }
  }

  /** -H·g with H as a matrix: equation 7.17, H = VᵀHV + ρssᵀ with V = I - ρysᵀ, oldest first. */
  private static double[] denseDirection(Lbfgs lbfgs, OptimizerState state, float[] gradient) {
    int n = gradient.length;
    long newest = state.step() - 1;
    double[][] h = new double[n][n];
    for (long step = Math.max(0, state.step() - lbfgs.memory()); step <= newest; step++) {
      float[] s = state.moments().get((int) (step % lbfgs.memory()) * 2);
      float[] y = state.moments().get((int) (step % lbfgs.memory()) * 2 + 1);
      double sy = dot(s, y);
      if (step == Math.max(0, state.step() - lbfgs.memory())) {
        float[] lastS = state.moments().get((int) (newest % lbfgs.memory()) * 2);
        float[] lastY = state.moments().get((int) (newest % lbfgs.memory()) * 2 + 1);
        for (int i = 0; i < n; i++) {
          h[i][i] = dot(lastS, lastY) / dot(lastY, lastY);
        }
      }
      double[][] v = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          v[i][j] = (i == j ? 1 : 0) - y[i] * (double) s[j] / sy;
        }
      }
      double[][] next = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          next[i][j] = s[i] * (double) s[j] / sy;
          for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
              next[i][j] += v[k][i] * h[k][l] * v[l][j];
            }
          }
        }
      }
      h = next;
    }
    double[] direction = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        direction[i] -= h[i][j] * gradient[j];
      }
    }
    return direction;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void goesOnFromASavedStateWithTheSameBits() {
    Lbfgs lbfgs = new Lbfgs(3, 0);
    float[] unbroken = Problem.ROSENBROCK.start();
    float[] broken = unbroken.clone();
    var unbrokenPoint = new Lbfgs.Point(function(Problem.ROSENBROCK), unbroken);
    var brokenPoint = new Lbfgs.Point(function(Problem.ROSENBROCK), broken);
    OptimizerState unbrokenState = lbfgs.newState(2);
    OptimizerState brokenState = lbfgs.newState(2);
    for (int i = 0; i < 12; i++) {
      if (i == 5) {
        List<float[]> saved = brokenState.moments().stream().map(float[]::clone).toList();
        brokenState = OptimizerState.of(brokenState.step(), saved);
        brokenPoint = new Lbfgs.Point(function(Problem.ROSENBROCK), broken);
      }
      lbfgs.iterate(unbrokenPoint, unbrokenState);
      lbfgs.iterate(brokenPoint, brokenState);
      assertThat(broken).isEqualTo(unbroken);
    }
    assertThat(brokenState.step()).isEqualTo(12);
  }

  @Test
  void convergesWhereAStepWouldGainNoMoreThanTheTolerance() {
    float[] rough = Problem.ROSENBROCK.start();
    // The loss's minimum is 0 here, so that a relative gain is never small: lift it.
    Lbfgs.Function lifted =
        (parameters, gradient) -> {
          Problem.ROSENBROCK.gradient(parameters, gradient);
          return 1 + Problem.ROSENBROCK.loss(parameters);
        };
    List<Lbfgs.Iteration> iterations = minimize(new Lbfgs(10, 1e-4), lifted, rough, 100);
    Lbfgs.Iteration last = iterations.get(iterations.size() - 1);
    assertThat(last).isEqualTo(new Lbfgs.Iteration(Lbfgs.Outcome.CONVERGED, 0, 0));
    assertThat(Problem.ROSENBROCK.loss(rough)).isBetween(1e-12, 1e-3);
  }

  @Test
  void staysWhereTheGradientIsZero() {
    float[] parameters = {0, 0, 0, 0};
    List<Lbfgs.Iteration> iterations = minimize(TEN, function(Problem.BOWL), parameters, 5);
    assertThat(iterations).containsExactly(new Lbfgs.Iteration(Lbfgs.Outcome.CONVERGED, 0, 0));
    assertThat(parameters).containsOnly(0);
  }

  @Test
  void forgetsStepsThatMisleadAndFollowsTheGradient() {
    float[] parameters = Problem.BOWL.start();
    // A remembered step that claims a curvature a millionth of the real one: 20 looks along so long
    // a direction do not find back.
    var state = TEN.newState(4);
    Arrays.fill(state.moment(0), 1e20f);
    Arrays.fill(state.moment(1), 1e-10f);
    OptimizerState misled = OptimizerState.of(1, state.moments());
    var point = new Lbfgs.Point(function(Problem.BOWL), parameters);
    double before = point.value();
    Lbfgs.Iteration iteration = TEN.iterate(point, misled);
    assertThat(iteration.outcome()).isEqualTo(Lbfgs.Outcome.MOVED);
    assertThat(iteration.evaluations()).isGreaterThan(WolfeSearch.MAXIMUM_EVALUATIONS);
    assertThat(point.value()).isLessThan(before);
  }

  @Test
  void leavesEverythingInPlaceWhereNoStepLeadsDown() {
    // The gradient lies: every step goes up.
    Lbfgs.Function wrong =
        (parameters, gradient) -> {
          gradient[0] = -2 * parameters[0];
          return parameters[0] * (double) parameters[0];
        };
    float[] parameters = {3};
    List<Lbfgs.Iteration> iterations = minimize(TEN, wrong, parameters, 5);
    assertThat(iterations).hasSize(1);
    assertThat(iterations.get(0).outcome()).isEqualTo(Lbfgs.Outcome.STUCK);
    assertThat(parameters).containsExactly(3);
  }

  @Test
  void hasTheDefaultsOfMllib() {
    assertThat(Lbfgs.withDefaults()).isEqualTo(new Lbfgs(10, 1e-6));
    assertThat(Optimizers.solver("lbfgs", new Constant(1), Map.of("memory", 5.0)))
        .isEqualTo(new Lbfgs(5, 1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 101, 2.5, Double.NaN})
  void rejectsAMemoryOutOfRange(double memory) {
    assertThatThrownBy(() -> Lbfgs.of(Map.of("memory", memory)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid memory: " + memory + " (must be a whole number from 1 to 100)");
  }

  @Test
  void rejectsWhatItDoesNotHave() {
    assertThatThrownBy(() -> Lbfgs.of(Map.of("tolerance", -1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid tolerance: -1.0 (must be >= 0 and finite)");
    assertThatThrownBy(() -> Lbfgs.of(Map.of("weight-decay", 0.1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid hyperparameter of lbfgs: weight-decay (must be one of [memory, tolerance])");
    assertThatThrownBy(() -> Optimizers.solver("bfgs", new Constant(1), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid optimizer: bfgs (must be one of %s)", Optimizers.solverKeys());
  }

  @Test
  void rejectsAForeignState() {
    var point = new Lbfgs.Point(function(Problem.BOWL), Problem.BOWL.start());
    assertThatThrownBy(() -> TEN.iterate(point, OptimizerState.zeros(2, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of moments: 2 (must be 20)");
  }
}
