package chainrule.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.RandomStream;
import java.math.BigDecimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
  @Test
  void readsRandomDecimalsAsTheJdkDoes() {
    var random = new RandomStream(1);
    for (int i = 0; i < 2_000_000; i++) {
      String text = randomDecimal(random);
      long expected = Double.doubleToRawLongBits(Double.parseDouble(text));
      long actual = Double.doubleToRawLongBits(parse(text));
      if (actual != expected) { // AssertJ is too slow for millions
        assertThat(parse(text)).as(text).isEqualTo(Double.parseDouble(text));
      }
    }
  }

  private static String randomDecimal(RandomStream random) {
    var text = new StringBuilder();
    text.append(new String[] {"", "-", "+"}[random.nextInt(3)]);
    int style = random.nextInt(4);
    int whole = style == 0 ? 0 : random.nextInt(style == 1 ? 22 : 6) + (style == 1 ? 0 : 1);
    int fraction = whole == 0 ? 1 + random.nextInt(20) : random.nextInt(12);
    appendDigits(text, whole, random);
    if (fraction > 0 || random.nextInt(10) == 0) {
      text.append('.');
      appendDigits(text, fraction, random);
    }
    if (random.nextInt(3) == 0) {
      text.append(random.nextInt(2) == 0 ? 'e' : 'E');
      text.append(new String[] {"", "-", "+"}[random.nextInt(3)]);
      text.append(random.nextInt(random.nextInt(4) == 0 ? 400 : 30));
    }
    return text.toString();
  }

  private static void appendDigits(StringBuilder text, int count, RandomStream random) {
    for (int i = 0; i < count; i++) {
      text.append((char) ('0' + (random.nextInt(4) == 0 ? 0 : random.nextInt(10))));
    }
  }

  @Test
  void readsEveryDoubleThatWasPrinted() {
    var random = new RandomStream(2);
    for (int i = 0; i < 500_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value) && parse(Double.toString(value)) != value) {
        assertThat(parse(Double.toString(value))).isEqualTo(value);
      }
    }
  }

  @Test
  void roundsHalfwayCasesToEven() {
    // 2^53 + 1 lies halfway between two doubles, and so do the others at their own scale.
    for (String text :
        new String[] {
          "9007199254740993",
          "9007199254740995",
          "9007199254740992.99999999999",
          "90071992547409930000000000000000000000",
          new BigDecimal(Double.MIN_VALUE).divide(BigDecimal.valueOf(2)).toPlainString(),
          new BigDecimal(Double.MAX_VALUE).toPlainString(),
          "0." + "0".repeat(400) + "1e390",
          "1" + "0".repeat(400) + "e-390"
        }) {
      assertThat(parse(text)).as(text).isEqualTo(Double.parseDouble(text));
    }
  }

  @Test
  void keepsTheSignOfZero() {
    assertThat(Double.doubleToRawLongBits(parse("-0"))).isEqualTo(Double.doubleToRawLongBits(-0.0));
    assertThat(Double.doubleToRawLongBits(parse("-0.0e5")))
        .isEqualTo(Double.doubleToRawLongBits(-0.0));
    assertThat(Double.doubleToRawLongBits(parse("+0"))).isZero();
  }

  @Test
  void isInfiniteOrZeroWhereADoubleIsTooNarrow() {
    assertThat(parse("1e400")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(parse("-1e400")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(parse("1e99999999999999999999")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(parse("1e-99999999999999999999")).isZero();
    assertThat(parse("0e99999999999999999999")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {" 1.5", "1.5 ", "  1.5  ", "1.5", "+1.5", "15e-1", "0.15E+1", "00001.5"})
  void allowsBlanksSignsAndExponents(String text) {
    assertThat(parse(text)).isEqualTo(1.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "+",
        "-",
        ".",
        "-.",
        "e",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1e-",
        "1e1.5",
        "--1",
        "+-1",
        "-+1",
        "1-",
        "1 2",
        "- 1",
        "1d",
        "1D",
        "1f",
        "1F",
        "1L",
        "0x10",
        "0x1p3",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "inf",
        "1,5",
        "1_000",
        "1.2.3",
        "1..2",
        "١٢",
        "½",
        "1e5e5",
        "\t1",
        "1\n",
        "1\u00a0",
        "n/a",
        "true"
      })
  void refusesWhatIsNoDecimalNumber(String text) {
    assertThat(parse(text)).isNaN();
  }

  private static double parse(String text) {
    return Decimals.parse(UTF8String.fromString(text));
  }
}
