package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "3, 3",
    "-3.5, −3.5",
    "0.1, 0.1",
    "0.98765, 0.9877",
    "1234.6, 1235",
    "9999, 9999",
    "12345.6, 12_350",
    "123456789, 123_456_789",
    "1e12, 1e12",
    "-1.23456e-7, −1.235e-7",
    "0.000123, 0.000123",
    "NaN, –",
    "-Infinity, –"
  })
  void numbersHaveFourDigits(double value, String expected) {
    assertThat(Texts.number(value)).isEqualTo(expected.replace('_', '\u202f'));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 %", "1, 100 %", "0.98551, 98.6 %", "-0.105, −10.5 %", "NaN, –"})
  void sharesArePercentages(double share, String expected) {
    assertThat(Texts.percent(share)).isEqualTo(expected.replace(' ', '\u202f'));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0512, 0.05 s",
    "12.34, 12.3 s",
    "119.9, 119.9 s",
    "150, 2 min 30 s",
    "7384, 2 h 3 min",
    "NaN, –"
  })
  void timesAreInWords(double seconds, String expected) {
    assertThat(Texts.seconds(seconds).replace('\u202f', ' ')).isEqualTo(expected);
  }

  @Test
  void namesAreCutAtWholeCharacters() {
    assertThat(Texts.name("x".repeat(60))).isEqualTo("x".repeat(60));
    assertThat(Texts.name("x".repeat(61))).isEqualTo("x".repeat(59) + "…");
    String emoji = "\ud83d\ude00";
    assertThat(Texts.name(emoji.repeat(60))).isEqualTo(emoji.repeat(60));
    assertThat(Texts.name(emoji.repeat(61))).isEqualTo(emoji.repeat(59) + "…");
    assertThat(Texts.name(emoji.repeat(10_000))).isEqualTo(emoji.repeat(59) + "…");
  }

  @Test
  void namesShowWhatCannotBeSeen() {
    assertThat(Texts.name("")).isEqualTo("(missing)");
    assertThat(Texts.name("a\nb\0")).isEqualTo("a␊b␀");
    assertThat(Texts.name("a\u202eb\u2066\ud800")).isEqualTo("a\ufffdb\ufffd\ufffd");
    assertThat(Texts.name("שלום")).isEqualTo("שלום");
  }

  @Test
  void countsAreOfOneOrMore() {
    assertThat(Texts.counted(1, "row")).isEqualTo("1 row");
    assertThat(Texts.counted(12_345, "row")).isEqualTo("12\u202f345 rows");
  }
}
