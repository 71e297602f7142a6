package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static RawRow row(double number) {
    return RawRow.withNumericLabel(new double[] {number}, new String[0], 1, 1);
  }

  private static Fingerprint of(List<Integer> numbers) {
    Fingerprint fingerprint = Fingerprint.empty();
    for (int number : numbers) {
      fingerprint = fingerprint.plus(row(number));
    }
    return fingerprint;
  }

  @Property(tries = 100)
  void isTheSameInAnyOrderAndGrouping(
      @ForAll @Size(min = 2, max = 20) List<@IntRange(max = 5) Integer> numbers,
      @ForAll @IntRange(max = 2) int cut) {
    List<Integer> sorted = numbers.stream().sorted().toList();
    assertThat(of(sorted)).isEqualTo(of(numbers));
    Fingerprint parts = of(numbers.subList(cut, numbers.size())).plus(of(numbers.subList(0, cut)));
    assertThat(parts).isEqualTo(of(numbers));
  }

  @Test
  void differsByOneCellAndOneCopy() {
    Fingerprint once = of(List.of(1, 2));
    assertThat(of(List.of(1, 3)).toHex()).isNotEqualTo(once.toHex());
    assertThat(of(List.of(1, 2, 2)).toHex()).isNotEqualTo(once.toHex());
    assertThat(of(List.of(1, 1)).toHex()).isNotEqualTo(of(List.of(2, 2)).toHex());
    assertThat(once.rows()).isEqualTo(2);
  }

  @Test
  void isThirtyTwoDigits() {
    assertThat(Fingerprint.empty().toHex()).isEqualTo("0".repeat(32));
    assertThat(new Fingerprint(1, 0xab, -1).toHex()).isEqualTo("00000000000000abffffffffffffffff");
  }
}
