package chainrule.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.history.EpochRecord.Phase;
import chainrule.train.history.Faults;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTextTest {
  private static final Faults SOME =
      new Faults(
          2,
          3,
          1,
          4.25,
          1,
          List.of(new Faults.Place(Phase.FIT, 3, 40), new Faults.Place(Phase.REFIT, 1, 7)),
          List.of(new Faults.SlowExecutor("3 (node-7)", 2.5, 0.31)),
          List.of("Cannot train with the gang engine: no task could start for 60 s"));

  @Test
  void aRunWithoutFaultsHasNoSentences() {
    assertThat(FaultText.sentences(Faults.none())).isEmpty();
  }

  @Test
  void everyFaultHasASentence() {
    assertThat(FaultText.sentences(SOME))
        .containsExactly(
            "Resumed from a checkpoint in epoch 3, step 40",
            "Resumed from a checkpoint in epoch 1 of the refit, step 7",
            "Continued with the tree engine. Cannot train with the gang engine: no task could start"
                + " for 60 s",
            "Lost 2 executors; repeated 1 step in 4.3 s",
            "1 checkpoint could not be written (see the log)",
            "Executor 3 (node-7) took 2.5 times as long as the others, which waited for it 31 % of"
                + " the time");
  }

  @Test
  void metricsHaveItByName() {
    assertThat(FaultText.json(SOME))
        .hasToString(
            "{\"executorsLost\":2,\"attemptsFailed\":3,\"stepsRepeated\":1,\"secondsLost\":4.25,"
                + "\"checkpointsFailed\":1,\"resumed\":[{\"phase\":\"fit\",\"epoch\":3,\"step\":40},"
                + "{\"phase\":\"refit\",\"epoch\":1,\"step\":7}],\"slowExecutors\":[{\"executor\":\"3"
                + " (node-7)\",\"timesMedian\":2.5,\"shareOfTime\":0.31}],\"fallbacks\":[\"Cannot"
                + " train with the gang engine: no task could start for 60 s\"]}");
  }
}
