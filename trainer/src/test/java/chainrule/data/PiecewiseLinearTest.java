package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PiecewiseLinearTest {
  private static NumberStatistics statistics(double... values) {
    var statistics = new NumberStatistics();
    for (double value : values) {
      statistics.add(value, true);
    }
    return statistics;
  }

  private static float[] expand(PiecewiseLinear encoding, double value) {
    float[] inputs = new float[encoding.inputs() + 2];
    encoding.expand(encoding.position(value), inputs, 1);
    assertThat(inputs[0] + inputs[inputs.length - 1]).isZero();
    return Arrays.copyOfRange(inputs, 1, inputs.length - 1);
  }

  // Quantiles at 0, 1/2, 1 of 0, 1, 2, 4, 8: 0, 2, 8. Inputs of the five: (0, 0), (1/2, 0), (1, 0),
  // (1, 1/3), (1, 1), with means 3.5/5 and 4/15.
  @Test
  void encodesWhatIsComputedByHand() {
    PiecewiseLinear encoding = PiecewiseLinear.fit(statistics(8, 0, 4, 1, 2), 2, 2);
    assertThat(encoding.edges()).containsExactly(0.0, 2.0, 8.0);
    assertThat(encoding.mean(0)).isEqualTo(0.7f);
    assertThat(encoding.mean(1)).isCloseTo(4f / 15, within(1e-7f));
    assertThat(expand(encoding, 1)).containsExactly(0.5f - 0.7f, -encoding.mean(1));
    assertThat(expand(encoding, 2)).containsExactly(1 - 0.7f, -encoding.mean(1));
    assertThat(expand(encoding, 5)).containsExactly(1 - 0.7f, 0.5f - encoding.mean(1));
    assertThat(expand(encoding, -1e300)).isEqualTo(expand(encoding, 0));
    assertThat(expand(encoding, 1e300)).isEqualTo(expand(encoding, 8));
  }

  // Two of four rows are missing and count as 1: the means are those of 0, 1, 1, 2.
  @Test
  void countsMissingValuesAsTheImputedOne() {
    PiecewiseLinear encoding = PiecewiseLinear.fit(statistics(0, Double.NaN, Double.NaN, 2), 1, 2);
    assertThat(encoding.edges()).containsExactly(0.0, 1.0, 2.0);
    assertThat(encoding.mean(0)).isEqualTo(0.75f);
    assertThat(encoding.mean(1)).isEqualTo(0.25f);
  }

  @Test
  void hasNoInputsWithFewerThanThreeDistinctEdges() {
    assertThat(PiecewiseLinear.fit(statistics(0, 1, 0, 1), 0, 4).inputs()).isEqualTo(2);
    assertThat(PiecewiseLinear.fit(statistics(0, 0, 0, 0, 0, 1, 1), 0, 3).inputs()).isZero();
    assertThat(PiecewiseLinear.fit(statistics(-0.0, 0, 1), 0, 2).inputs()).isZero();
    assertThat(PiecewiseLinear.fit(statistics(5, 5), 5, 4)).isEqualTo(PiecewiseLinear.none());
    assertThat(PiecewiseLinear.fit(statistics(Double.NaN), 0, 4).inputs()).isZero();
    assertThat(PiecewiseLinear.fit(statistics(1, 2, 3), 2, 0).inputs()).isZero();
  }

  @Test
  void bearsGreatNumbers() {
    double huge = 1e154; // its square is a number yet
    PiecewiseLinear encoding = PiecewiseLinear.fit(statistics(-huge, -huge, huge, huge), 0, 2);
    assertThat(encoding.edges()).containsExactly(-huge, 0.0, huge);
    assertThat(encoding.position(huge / 2)).isEqualTo(1.5f);
  }

  /** A sum of all inputs, means given back, is the position: a line that is bent at every edge. */
  @Property(tries = 100)
  void hasMeanZeroAndRisesWithTheValue(
      @ForAll long seed, @ForAll @IntRange(min = 20, max = 200) int count) {
    var random = new Random(seed);
    double[] values = random.doubles(count).map(u -> Math.floor(30 * u * u) - 7).toArray();
    PiecewiseLinear encoding = PiecewiseLinear.fit(statistics(values), 0, 16);
    double[] sums = new double[encoding.inputs()];
    Arrays.sort(values);
    double last = -1;
    for (double value : values) {
      float[] inputs = expand(encoding, value);
      double total = 0;
      for (int t = 0; t < inputs.length; t++) {
        sums[t] += inputs[t];
        total += inputs[t] + encoding.mean(t);
      }
      assertThat(total).isCloseTo(encoding.position(value), within(1e-5));
      assertThat(total).isGreaterThanOrEqualTo(last - 1e-5);
      last = total;
    }
    for (double sum : sums) {
      assertThat(sum / count).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void refusesEdgesThatAreNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PiecewiseLinear.of(new double[] {1}, new float[0]))
        .withMessage("Invalid number of edges: 1 (must be none, or two at least)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PiecewiseLinear.of(new double[] {1, 1}, new float[1]))
        .withMessage("Invalid edge: 1.0 (must be finite, ascending)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PiecewiseLinear.of(new double[] {1, 2}, new float[2]))
        .withMessage("Invalid number of means: 2 (must be 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PiecewiseLinear.of(new double[] {1, 2}, new float[] {Float.NaN}))
        .withMessage("Invalid mean: NaN (must be from 0 to 1)");
  }

  @Test
  void widensAPackedRowBetweenNumbersAndCategories() {
    PiecewiseLinear encoding =
        PiecewiseLinear.of(new double[] {0, 1, 3}, new float[] {0.5f, 0.25f});
    var layout = new InputLayout(1, List.of(encoding, encoding), List.of(2));
    assertThat(layout.cells()).isEqualTo(4);
    assertThat(layout.inputs()).isEqualTo(7);
    float[] inputs = new float[7];
    layout.expand(new float[] {9, 0.5f, 2, 1}, 0, inputs, 0);
    assertThat(inputs).containsExactly(9, 0, -0.25f, 0.5f, 0.75f, 0, 1);
  }
}
