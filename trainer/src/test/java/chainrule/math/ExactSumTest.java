package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {
  @Property(tries = 300)
  void isTheSumThatBigDecimalFinds(@ForAll("anyDoubles") List<Double> numbers) {
    BigDecimal expected = BigDecimal.ZERO;
    for (double x : numbers) {
      expected = expected.add(new BigDecimal(x));
    }
    ExactSum sum = sumOf(numbers);
    assertThat(sum.exactValue()).isEqualByComparingTo(expected);
    // +0 for an empty sum and for one that cancels; BigDecimal has no other zero either.
    assertThat(sum.value()).isEqualTo(expected.doubleValue());
  }

  @Property(tries = 300)
  void isTheSameInAnyOrderAndAnySplit(
      @ForAll("anyDoubles") List<Double> numbers, @ForAll Random random) {
    double expected = sumOf(numbers).value();
    var shuffled = new ArrayList<>(numbers);
    Collections.shuffle(shuffled, random);
    var parts = new ExactSum[] {new ExactSum(), new ExactSum(), new ExactSum()};
    for (double x : shuffled) {
      parts[random.nextInt(3)].add(x);
    }
    parts[1].merge(parts[2]);
    parts[0].merge(parts[1]);
    assertThat(parts[0].value()).isEqualTo(expected);
  }

  @Property(tries = 300)
  void addsSquaresExactly(@ForAll("squarableDoubles") List<Double> numbers) {
    var sum = new ExactSum();
    BigDecimal expected = BigDecimal.ZERO;
    for (double x : numbers) {
      sum.addSquare(x);
      expected = expected.add(new BigDecimal(x).pow(2));
    }
    assertThat(sum.exactValue()).isEqualByComparingTo(expected);
  }

  @Provide
  Arbitrary<List<Double>> anyDoubles() {
    return doubles(Double.MAX_VALUE).list().ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Double>> squarableDoubles() {
    return doubles(0x1p511).filter(x -> x == 0 || Math.abs(x) >= 0x1p-485).list().ofMaxSize(60);
  }

  /** Finite doubles of any exponent: bit patterns, and the edge cases jqwik knows. */
  private static Arbitrary<Double> doubles(double bound) {
    return Arbitraries.oneOf(
            Arbitraries.longs().map(Double::longBitsToDouble),
            Arbitraries.doubles(),
            Arbitraries.doubles().between(-1, 1).ofScale(17))
        .filter(x -> Math.abs(x) <= bound);
  }

  @Test
  void losesNothingToCancellation() {
    assertThat(sumOf(List.of(1e308, 1e-300, -1e308)).value()).isEqualTo(1e-300);
    assertThat(sumOf(List.of(1e308, 1e308, -1e308, -1e308, 1.0)).value()).isEqualTo(1);
    assertThat(sumOf(List.of(1.0, 0x1p-1074, -1.0)).value()).isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void addsSubnormalNumbers() {
    double below = Math.nextDown(Double.MIN_NORMAL);
    assertThat(sumOf(List.of(below, Double.MIN_VALUE)).value()).isEqualTo(Double.MIN_NORMAL);
    assertThat(sumOf(List.of(Double.MIN_NORMAL, -Double.MIN_VALUE)).value()).isEqualTo(below);
  }

  @Test
  void roundsToTheNearestAndToTheEvenOfTwo() {
    assertThat(sumOf(List.of(1.0, 0x1p-53)).value()).isEqualTo(1);
    assertThat(sumOf(List.of(1.0, 0x1p-53, 0x1p-1074)).value()).isEqualTo(1 + 0x1p-52);
    assertThat(sumOf(List.of(1 + 0x1p-52, 0x1p-53)).value()).isEqualTo(1 + 0x1p-51);
    assertThat(sumOf(List.of(0x1p53 - 1, 0.5)).value()).isEqualTo(0x1p53);
    assertThat(sumOf(List.of(-1.0, -0x1p-53, -0x1p-1074)).value()).isEqualTo(-1 - 0x1p-52);
  }

  @Test
  void isInfiniteOnlyWhenRoundedBeyondAllDoubles() {
    double max = Double.MAX_VALUE;
    double halfUnit = 0x1p970;
    assertThat(sumOf(List.of(max, max)).value()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(sumOf(List.of(-max, -max)).value()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(sumOf(List.of(max, halfUnit)).value()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(sumOf(List.of(max, Math.nextDown(halfUnit))).value()).isEqualTo(max);
    assertThat(sumOf(List.of(max, max, -max)).value()).isEqualTo(max);
  }

  @Test
  void carriesInTimeWhateverTheNumberOfAdditions() {
    // The largest addition to a chunk, over several rounds of carries, both ways.
    double largest = Math.nextDown(0x1p33);
    for (double x : new double[] {largest, -largest, Double.MAX_VALUE, -Double.MAX_VALUE}) {
      var sum = new ExactSum();
      int count = 10_000;
      for (int i = 0; i < count; i++) {
        sum.add(x);
      }
      assertThat(sum.exactValue())
          .isEqualByComparingTo(new BigDecimal(x).multiply(BigDecimal.valueOf(count)));
    }
  }

  @Test
  void mergesSumsWhoseCarriesAreDue() {
    var left = new ExactSum();
    var right = new ExactSum();
    for (int i = 0; i < 1023; i++) {
      left.add(Double.MAX_VALUE);
      right.add(Double.MAX_VALUE);
    }
    for (int i = 0; i < 10; i++) {
      left.merge(right);
    }
    assertThat(left.exactValue())
        .isEqualByComparingTo(
            new BigDecimal(Double.MAX_VALUE).multiply(BigDecimal.valueOf(11 * 1023)));
  }

  @Test
  void isZeroBeforeAnythingIsAdded() {
    assertThat(new ExactSum().value()).isEqualTo(0.0);
    assertThat(new ExactSum().exactValue()).isEqualByComparingTo(BigDecimal.ZERO);
    assertThat(sumOf(List.of(-0.0)).value()).isEqualTo(0.0);
  }

  @Test
  void givesAVarianceThatDoublesWouldLose() {
    var sum = new ExactSum();
    var squares = new ExactSum();
    double[] numbers = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    for (double x : numbers) {
      sum.add(x);
      squares.addSquare(x);
    }
    BigDecimal three = BigDecimal.valueOf(3);
    // n Σx² - (Σx)² = n² · variance, which is 2/3.
    BigDecimal scaled = squares.exactValue().multiply(three).subtract(sum.exactValue().pow(2));
    assertThat(scaled).isEqualByComparingTo(BigDecimal.valueOf(6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void rejectsWhatIsNotFiniteAndStaysAsItWas(double x) {
    ExactSum sum = sumOf(List.of(2.5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sum.add(x))
        .withMessage("Invalid number to sum: " + x + " (must be finite)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sum.addSquare(x))
        .withMessage("Invalid number to square: " + x + " (must be finite, and so its square)");
    assertThat(sum.value()).isEqualTo(2.5);
  }

  @Test
  void rejectsANumberWhoseSquareOverflows() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExactSum().addSquare(1e155))
        .withMessage("Invalid number to square: 1.0E155 (must be finite, and so its square)");
  }

  @Test
  void travelsByJavaSerialization() throws Exception {
    ExactSum sum = sumOf(List.of(1e300, 1e-300, -1e300));
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(sum);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((ExactSum) in.readObject()).value()).isEqualTo(1e-300);
    }
  }

  private static ExactSum sumOf(List<Double> numbers) {
    var sum = new ExactSum();
    for (double x : numbers) {
      sum.add(x);
    }
    return sum;
  }
}
