package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The conditions on the functions of Moré and Thuente, and where there is nothing to find. */
final class WolfeSearchTest {
  /** A function with its derivative. */
  private record Curve(DoubleUnaryOperator value, DoubleUnaryOperator slope)
      implements WolfeSearch.Line {
    @Override
    public WolfeSearch.Trial at(double step) {
      return new WolfeSearch.Trial(step, value.applyAsDouble(step), slope.applyAsDouble(step));
    }
  }

  /**
   * The test functions of Moré, Thuente, <i>Line search algorithms with guaranteed sufficient
   * decrease</i>, ACM Trans. Math. Softw. 20, 1994, section 5, but for the third, whose ripples
   * hold points of our weaker conditions everywhere.
   */
  private static Curve moreThuente(int number) {
    return switch (number) {
      case 1 -> new Curve(a -> -a / (a * a + 2), a -> (a * a - 2) / ((a * a + 2) * (a * a + 2)));
      case 2 ->
          new Curve(
              a -> Math.pow(a + 0.004, 5) - 2 * Math.pow(a + 0.004, 4),
              a -> 5 * Math.pow(a + 0.004, 4) - 8 * Math.pow(a + 0.004, 3));
      case 4 -> valley(0.001, 0.001);
      case 5 -> valley(0.01, 0.001);
      default -> valley(0.001, 0.01);
    };
  }

  /** Yanai, Ozawa and Kaneko's function: curved at its two ends as the betas say. */
  private static Curve valley(double beta1, double beta2) {
    double g1 = Math.sqrt(1 + beta1 * beta1) - beta1;
    double g2 = Math.sqrt(1 + beta2 * beta2) - beta2;
    return new Curve(
        a -> g1 * Math.hypot(1 - a, beta2) + g2 * Math.hypot(a, beta1),
        a -> -g1 * (1 - a) / Math.hypot(1 - a, beta2) + g2 * a / Math.hypot(a, beta1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 6})
  void findsAStepOfTheStrongWolfeConditionsFromAnyFirstStep(int number) {
    Curve curve = moreThuente(number);
    WolfeSearch.Trial start = curve.at(0);
    for (double first : new double[] {1e-3, 1e-1, 1, 10, 1e3}) {
      var search = new WolfeSearch(curve, start);
      WolfeSearch.Trial found = search.search(first);
      assertThat(found).as("from %s", first).isEqualTo(curve.at(found.step()));
      assertThat(found.value())
          .as("from %s", first)
          .isLessThanOrEqualTo(start.value() + 1e-4 * found.step() * start.slope());
      assertThat(Math.abs(found.slope()))
          .as("from %s", first)
          .isLessThanOrEqualTo(0.9 * Math.abs(start.slope()));
      assertThat(search.evaluations()).isLessThanOrEqualTo(WolfeSearch.MAXIMUM_EVALUATIONS);
    }
  }

  @Test
  void takesTheFirstStepIfThatWillDo() {
    Curve bowl = new Curve(t -> (t - 1) * (t - 1), t -> 2 * (t - 1));
    var search = new WolfeSearch(bowl, bowl.at(0));
    assertThat(search.search(1).step()).isEqualTo(1);
    assertThat(search.evaluations()).isEqualTo(1);
  }

  @Test
  void goesToTheMinimumOfACubicAtOnce() {
    // φ = t³ - 3t is least at 1. The first step is too high, and the cubic through it is φ itself.
    Curve cubic = new Curve(t -> t * t * t - 3 * t, t -> 3 * t * t - 3);
    var search = new WolfeSearch(cubic, cubic.at(0));
    assertThat(search.search(3).step()).isCloseTo(1, within(1e-12));
    assertThat(search.evaluations()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void takesWhatIsNotFiniteForTooHigh(double beyond) {
    Curve bowl =
        new Curve(t -> t > 0.7 ? beyond : (t - 0.5) * (t - 0.5), t -> t > 0.7 ? beyond : 2 * t - 1);
    WolfeSearch.Trial found = new WolfeSearch(bowl, bowl.at(0)).search(1);
    assertThat(found.step()).isCloseTo(0.5, within(0.2));
  }

  @Test
  void staysWhereEveryStepGoesUp() {
    // The slope claims a fall, as a wrong gradient would.
    Curve rising = new Curve(t -> 1 + t, t -> -1);
    var search = new WolfeSearch(rising, rising.at(0));
    assertThat(search.search(1).step()).isZero();
    assertThat(search.evaluations()).isEqualTo(WolfeSearch.MAXIMUM_EVALUATIONS);
  }

  @Test
  void takesTheLowestStepThereWasIfTheFunctionFallsForEver() {
    Curve falling = new Curve(t -> -t, t -> -1);
    WolfeSearch.Trial found = new WolfeSearch(falling, falling.at(0)).search(1);
    assertThat(found.step()).isGreaterThan(1e5);
  }

  @Test
  void takesASlopesWordWhereValuesAreWithinTheRounding() {
    // A bowl so flat that one float above its bottom is 100 times the decrease there is.
    Curve flat = new Curve(t -> t == 0 ? 1 : 1 + 0x1p-24, t -> 1e-10 * (t - 1));
    var search = new WolfeSearch(flat, flat.at(0));
    assertThat(search.search(1).step()).isEqualTo(1);
  }
}
