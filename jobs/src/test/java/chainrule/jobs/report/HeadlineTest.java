package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeadlineTest {
  private static void assertInterval(double share, long rows, double from, double to) {
    assertThat(Headline.interval(share, rows)[0]).isCloseTo(from, within(5e-5));
    assertThat(Headline.interval(share, rows)[1]).isCloseTo(to, within(5e-5));
  }

  @Test
  void theIntervalIsWilsons() {
    // Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263, 15 of 148, 0 of 20.
    assertInterval(81 / 263.0, 263, 0.2553, 0.3662);
    assertInterval(15 / 148.0, 148, 0.0624, 0.1605);
    assertInterval(0, 20, 0, 0.1611);
    assertInterval(1, 29, 0.8830, 1);
  }

  @Test
  void severalLabelsAreAllNamed() {
    assertThat(Headline.title(List.of("a"))).isEqualTo("Predicting a");
    assertThat(Headline.title(List.of("a", "b"))).isEqualTo("Predicting a and b");
    assertThat(Headline.title(List.of("a", "b", "c"))).isEqualTo("Predicting a, b and c");
    assertThat(Headline.title(List.of("a", "b", "c", "d", "e", "f")))
        .isEqualTo("Predicting a, b, c, d and 2 more");
  }
}
