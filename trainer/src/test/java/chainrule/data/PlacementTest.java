package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static RawRow row(int number) {
    return RawRow.withNumericLabel(new double[] {number}, new String[0], 1, 1);
  }

  private static long[] randomKeys(int count) {
    var random = new RandomStream(count);
    return LongStream.generate(random::nextLong).limit(count).toArray();
  }

  @Test
  void takesTheShardFromTheHighestBits() {
    assertThat(Placement.shard(0x8000000000000000L, 1)).isZero();
    assertThat(Placement.shard(0x7fffffffffffffffL, 2)).isZero();
    assertThat(Placement.shard(0x8000000000000000L, 2)).isEqualTo(1);
    assertThat(Placement.shard(0xffffffffffffffffL, 16)).isEqualTo(15);
    assertThat(Placement.shard(0xffffffffffffffffL, 65_536)).isEqualTo(65_535);
  }

  @Property(tries = 200)
  void laysShardsOneBehindTheOtherInTheOrderOfKeys(
      @ForAll long left, @ForAll long right, @ForAll @IntRange(max = 16) int power) {
    int leftShard = Placement.shard(left, 1 << power);
    int rightShard = Placement.shard(right, 1 << power);
    if (Placement.compare(left, row(1), right, row(1)) <= 0) {
      assertThat(leftShard).isLessThanOrEqualTo(rightShard);
    } else {
      assertThat(leftShard).isGreaterThanOrEqualTo(rightShard);
    }
    assertThat(leftShard).isBetween(0, (1 << power) - 1);
  }

  @Test
  void breaksTiesOfKeysByContent() {
    assertThat(Placement.compare(5, row(1), 5, row(2))).isNegative();
    assertThat(Placement.compare(5, row(2), 5, row(1))).isPositive();
    assertThat(Placement.compare(5, row(2), 5, row(2))).isZero();
    assertThat(Placement.compare(-1, row(1), 1, row(2))).isPositive();
  }

  @Test
  void spreadsRowsEvenly() {
    int[] counts = new int[8];
    for (int i = 0; i < 8_000; i++) {
      counts[Placement.shard(Placement.key(row(i), 1), 8)]++;
    }
    for (int count : counts) {
      // Five standard deviations of a binomial count.
      assertThat((double) count).isCloseTo(1_000, within(5 * 29.6));
    }
  }

  @Property(tries = 200)
  void countsTheValidationPartOutExactly(
      @ForAll @IntRange(max = 500) int rows,
      @ForAll @DoubleRange(max = 1, maxIncluded = false) double fraction) {
    long[] keys = randomKeys(rows);
    var placement = new Placement(1, Placement.exactBound(keys.clone(), fraction));
    long held = Arrays.stream(keys).filter(placement::isValidation).count();
    assertThat(held).isEqualTo(Math.round(fraction * rows));
  }

  @Test
  void holdsOutTheExpectedShareOfManyRows() {
    long[] keys = randomKeys(100_000);
    for (double fraction : new double[] {0, 0.1, 0.5, 0.999}) {
      var placement = new Placement(1, Placement.expectedBound(fraction));
      double held = Arrays.stream(keys).filter(placement::isValidation).count() / 1e5;
      // Five standard deviations of a share.
      assertThat(held).isCloseTo(fraction, within(5 * Math.sqrt(fraction * (1 - fraction) / 1e5)));
    }
    assertThat(Placement.expectedBound(0.5)).isEqualTo(Long.MIN_VALUE);
    assertThat(Placement.expectedBound(0.25)).isEqualTo(1L << 62);
  }

  @Test
  void samplesAndTestsIndependentlyOfTheSplit() {
    long[] keys = randomKeys(100_000);
    var placement = new Placement(1, Placement.expectedBound(0.5));
    long sampled = 0;
    long tested = 0;
    for (long key : keys) {
      if (placement.isValidation(key)) {
        sampled += Placement.isSampled(key, 0.2) ? 1 : 0;
        tested += Placement.isTest(key, 0.2) ? 1 : 0;
      }
      assertThat(Placement.isSampled(key, 1)).isTrue();
    }
    // Five standard deviations of a binomial count.
    assertThat((double) sampled).isCloseTo(10_000, within(5 * 95.0));
    assertThat((double) tested).isCloseTo(10_000, within(5 * 95.0));
  }

  private static List<String> split(List<RawRow> rows, long seed, double fraction) {
    record Keyed(long key, RawRow row) {}
    List<Keyed> ordered =
        rows.stream()
            .map(row -> new Keyed(Placement.key(row, seed), row))
            .sorted((a, b) -> Placement.compare(a.key, a.row, b.key, b.row))
            .toList();
    long[] splitKeys = new long[rows.size()];
    var splitter = new Placement.Splitter();
    for (int i = 0; i < splitKeys.length; i++) {
      splitKeys[i] = splitter.next(ordered.get(i).key, ordered.get(i).row);
    }
    var placement = new Placement(seed, Placement.exactBound(splitKeys.clone(), fraction));
    List<String> held = new ArrayList<>();
    for (int i = 0; i < splitKeys.length; i++) {
      if (placement.isValidation(splitKeys[i])) {
        held.add(ordered.get(i).row.toString());
      }
    }
    return held;
  }

  @Property(tries = 50)
  void holdsOutTheSameRowsWhateverTheirOrder(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count, @ForAll Random random) {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(i % 7)); // with copies
    }
    List<String> held = split(rows, seed, 0.3);
    Collections.shuffle(rows, random);
    assertThat(split(rows, seed, 0.3)).isEqualTo(held);
    assertThat(held).hasSize((int) Math.round(0.3 * count));
  }

  @Test
  void splitsCopiesOfOneRowAsEvenlyAsOthers() {
    List<RawRow> copies = Collections.nCopies(1_000, row(1));
    assertThat(split(copies, 1, 0.15)).hasSize(150);
  }

  @Test
  void numbersTheCopiesOfARow() {
    var splitter = new Placement.Splitter();
    List<Long> keys = new ArrayList<>();
    keys.add(splitter.next(5, row(1)));
    keys.add(splitter.next(5, row(1)));
    keys.add(splitter.next(5, row(1)));
    assertThat(keys)
        .containsExactly(
            Placement.splitKey(5, 0), Placement.splitKey(5, 1), Placement.splitKey(5, 2))
        .doesNotHaveDuplicates();
    // Another row of the same key begins anew, and so does another key.
    assertThat(splitter.next(5, row(2))).isEqualTo(Placement.splitKey(5, 0));
    assertThat(splitter.next(6, row(2))).isEqualTo(Placement.splitKey(6, 0));
  }

  @Test
  void refusesWhatIsNoFractionOrNumberOfShards() {
    for (double fraction : new double[] {-0.1, 1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Placement.expectedBound(fraction))
          .withMessage("Invalid fraction: " + fraction + " (must be >= 0 and < 1)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Placement.exactBound(new long[3], fraction))
          .withMessage("Invalid fraction: " + fraction + " (must be >= 0 and < 1)");
    }
    for (int shards : new int[] {0, 3, -4, 1 << 17, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Placement.checkShards(shards))
          .withMessage("Invalid shards: " + shards + " (must be a power of two from 1 to 65536)");
    }
  }
}
