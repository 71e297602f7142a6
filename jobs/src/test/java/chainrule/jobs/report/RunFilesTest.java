package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RunFilesTest {
  @Test
  void readsWhatIsThereAndMissesNothingElse() {
    RunFiles run =
        RunFiles.of(
            "r",
            "{\"task\":\"regression\",\"test\":{\"rmse\":2,\"r2\":null,\"labels\":{\"a\":{}}}}",
            "{\"epoch\":1}\n\n{\"phase\":\"refit\",\"epoch\":1,\"x\":3}\n",
            "{\"a\":{\"b\":1,\"c\":{}},\"d\":\"t\",\"e\":null,\"f\":[1,\"x\"]}");
    assertThat(run.isClassification()).isFalse();
    assertThat(run.part("test")).containsOnlyKeys("rmse", "r2").containsEntry("rmse", 2.0);
    assertThat(run.part("test").get("r2")).isNaN();
    assertThat(run.part("train")).isEmpty();
    assertThat(run.number("/trainSeconds")).isNaN();
    assertThat(run.whole("/rows/train")).isZero();
    assertThat(run.phase("fit")).hasSize(1);
    assertThat(RunFiles.column(run.history(), "/x")).containsExactly(Double.NaN, 3);
    assertThat(run.configuration())
        .containsEntry("a.b", "1")
        .containsEntry("a.c", "{}")
        .containsEntry("d", "t")
        .containsEntry("f", "[1,\"x\"]");
    assertThat(run.setting("e")).isEmpty();
    assertThat(run.setting("g")).isEmpty();
  }

  @Test
  void namesTheFileAndLineThatCannotBeRead() {
    assertThatThrownBy(() -> RunFiles.of("r", "[1]", "", "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read metrics.json: it is not a JSON object");
    assertThatThrownBy(() -> RunFiles.of("r", "{}", "{}\n{\"epoch\":", "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read history.jsonl:2: Unexpected end-of-input");
    assertThatThrownBy(() -> RunFiles.of("r", "{}", "{}", "nonsense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read configuration.json: Unrecognized token 'nonsense'");
  }
}
