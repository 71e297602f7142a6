package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
  // The stream of seed 0 as the authors of SplitMix64 publish it.
  @Test
  void givesTheSequenceOfSplitMix64() {
    var random = new RandomStream(0);
    assertThat(random.nextLong()).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(random.nextLong()).isEqualTo(0x6e789e6aa1b965f4L);
    assertThat(random.nextLong()).isEqualTo(0x06c45d188009454fL);
  }

  // Computed in Python from the formulas.
  @Test
  void mixesSeedsAlikeEverywhere() {
    assertThat(Seeds.mix(1)).isEqualTo(0x5692161d100b05e5L);
    assertThat(Seeds.mix(1, 2)).isEqualTo(0xbcd9dbb49673066bL);
    assertThat(Seeds.mix(1, 2, 3)).isEqualTo(0x970864d014d5e8efL);
    assertThat(Seeds.mix(1, 2, 3, 4)).isEqualTo(Seeds.mix(Seeds.mix(1, 2, 3), 4));
  }

  @Property
  void mixesOrderedKeys(@ForAll long seed, @ForAll long key) {
    assertThat(Seeds.mix(seed, key, key + 1)).isNotEqualTo(Seeds.mix(seed, key + 1, key));
    assertThat(Seeds.mix(seed, key)).isNotEqualTo(Seeds.mix(seed, key + 1));
    assertThat(Seeds.mix(seed, key)).isNotEqualTo(Seeds.mix(seed + 1, key));
  }

  @Property
  void staysInBounds(@ForAll long seed, @ForAll @IntRange(min = 1) int bound) {
    var random = new RandomStream(seed);
    assertThat(random.nextInt(bound)).isBetween(0, bound - 1);
    assertThat(random.nextDouble()).isGreaterThanOrEqualTo(0).isLessThan(1);
  }

  @Test
  void givesEveryIntegerItsShare() {
    var random = new RandomStream(3);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    for (int count : counts) {
      // Five standard deviations of a binomial count.
      assertThat((double) count).isCloseTo(10_000, within(5 * 93.0));
    }
  }

  @Test
  void givesNormalDeviates() {
    var random = new RandomStream(4);
    int n = 100_000;
    double sum = 0;
    double squares = 0;
    double fourthPowers = 0;
    for (int i = 0; i < n; i++) {
      double x = random.nextGaussian();
      sum += x;
      squares += x * x;
      fourthPowers += x * x * x * x;
    }
    // Five standard deviations of the moments: variances 1, 2 and 96.
    assertThat(sum / n).isCloseTo(0, within(5 * Math.sqrt(1.0 / n)));
    assertThat(squares / n).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
    assertThat(fourthPowers / n).isCloseTo(3, within(5 * Math.sqrt(96.0 / n)));
  }

  @Test
  void shufflesOnlyTheRangeAndEveryOrderAlike() {
    var random = new RandomStream(5);
    int[] counts = new int[1000];
    for (int i = 0; i < 60_000; i++) {
      int[] values = {9, 0, 1, 2, 9};
      random.shuffle(values, 1, 4);
      assertThat(values[0] + values[4]).isEqualTo(18);
      counts[100 * values[1] + 10 * values[2] + values[3]]++;
    }
    assertThat(IntStream.of(counts).filter(count -> count > 0))
        .hasSize(6)
        // Five standard deviations of a binomial count.
        .allSatisfy(count -> assertThat((double) count).isCloseTo(10_000, within(5 * 92.0)));
  }

  @Test
  void refusesABoundBelowOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RandomStream(1).nextInt(0))
        .withMessage("Invalid bound: 0 (must be > 0)");
  }
}
