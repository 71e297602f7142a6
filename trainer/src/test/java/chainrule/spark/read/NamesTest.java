package chainrule.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void suggestsTheNearestName() {
    assertThat(Names.suggestion("specis", List.of("island", "species", "sex")))
        .isEqualTo(" (did you mean \"species\"?)");
  }

  @Test
  void takesNoNoticeOfCase() {
    assertThat(Names.suggestion("SPECIES", List.of("island", "species")))
        .isEqualTo(" (did you mean \"species\"?)");
  }

  @Test
  void suggestsNothingThatIsFarAway() {
    assertThat(Names.suggestion("income", List.of("island", "species"))).isEmpty();
    assertThat(Names.suggestion("income", List.of())).isEmpty();
  }

  @Test
  void prefersTheFirstByNameAmongEquallyNearOnes() {
    assertThat(Names.suggestion("x", List.of("x2", "x1"))).isEqualTo(" (did you mean \"x1\"?)");
  }
}
