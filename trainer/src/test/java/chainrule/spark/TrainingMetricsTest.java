package chainrule.spark;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.EpochRecord.Phase;
import chainrule.train.history.Faults;
import chainrule.train.history.StepRecord;
import chainrule.train.sums.Metrics;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What Spark's sinks read; OneJarIT has them do so. */
class TrainingMetricsTest {
  private final MetricRegistry registry = new MetricRegistry();
  private final TrainingMetrics metrics = new TrainingMetrics(registry);

  private SortedMap<String, Number> values() {
    SortedMap<String, Number> values = new TreeMap<>();
    registry.getGauges().forEach((name, gauge) -> values.put(name, (Number) gauge.getValue()));
    return values;
  }

  private double value(String name) {
    return values().get(name).doubleValue();
  }

  private static EpochRecord epoch(int epoch, long step, Metrics validation) {
    return new EpochRecord(
        Phase.FIT, epoch, step, 0.01, 0.5, validation, 2, 1, 300, EpochRecord.Norms.none());
  }

  @Test
  void beforeATrainingCountsAreZeroAndTheRestIsNotKnown() {
    assertThat(values()).hasSizeGreaterThan(15);
    assertThat(value("epoch")).isZero();
    assertThat(value("step")).isZero();
    assertThat(value("faults.executorsLost")).isZero();
    assertThat(List.of("train.loss", "validation.loss", "learningRate", "step.loss"))
        .allSatisfy(name -> assertThat(value(name)).isNaN());
  }

  @Test
  void stepsAndEpochsAreToldAsTheHistoryHasThem() {
    metrics.phaseStarted(Phase.FIT, 7, 70);
    TrainingListener listener = TrainingListener.all(metrics); // as the training loop tells it
    listener.stepFinished(new StepRecord(0, 0.9, 0.02, 32, 0.004, 0.001));
    assertThat(value("step")).isEqualTo(1);
    assertThat(value("epoch")).isZero();
    assertThat(value("step.loss")).isEqualTo(0.9);
    assertThat(value("step.learningRate")).isEqualTo(0.02);
    assertThat(registry.meter("rows").getCount()).isEqualTo(32);
    assertThat(registry.histogram("step.computeMicros").getSnapshot().getMax()).isEqualTo(4000);
    assertThat(registry.histogram("step.exchangeMicros").getSnapshot().getMax()).isEqualTo(1000);

    listener.epochFinished(
        epoch(1, 10, new Metrics(40, Map.of("loss", 0.6, "rmse", 3.5), Map.of())));
    assertThat(values())
        .containsEntry("epochs", 7)
        .containsEntry("steps", 70L)
        .containsEntry("epoch", 1)
        .containsEntry("step", 10L)
        .containsEntry("learningRate", 0.01)
        .containsEntry("train.loss", 0.5)
        .containsEntry("validation.loss", 0.6)
        .containsEntry("validation.rmse", 3.5)
        .containsEntry("computeSeconds", 2.0)
        .containsEntry("exchangeSeconds", 1.0)
        .containsEntry("rowsPerSecond", 300.0)
        .containsEntry("refit", 0);
  }

  @Test
  void anotherPhaseBeginsAnew() {
    metrics.phaseStarted(Phase.FIT, 7, 70);
    metrics.epochFinished(epoch(1, 10, new Metrics(40, Map.of("loss", 0.6, "auc", 0.7), Map.of())));
    metrics.phaseStarted(Phase.REFIT, 4, 50);
    assertThat(values()).containsEntry("refit", 1).containsEntry("epochs", 4);
    assertThat(value("epoch")).isZero();
    assertThat(value("validation.auc")).isNaN(); // it is there, but this phase has none
  }

  @Test
  void faultsAreAskedForWhenTheyAreRead() {
    var count = new int[1];
    metrics.trainingStarted(
        () ->
            new Faults(
                ++count[0],
                0,
                3,
                1.5,
                0,
                List.of(new Faults.Place(Phase.FIT, 1, 2)),
                List.of(),
                List.of()));
    assertThat(value("faults.resumed")).isEqualTo(1);
    assertThat(value("faults.secondsLost")).isEqualTo(1.5);
    int before = count[0];
    assertThat(value("faults.executorsLost")).isGreaterThan(before);
  }

  @Test
  void thePluginIsAddedToThoseOfTheUser() {
    String name = "chainrule.spark.MetricsPlugin";
    assertThat(MetricsPlugin.appendedTo("")).isEqualTo(name);
    assertThat(MetricsPlugin.appendedTo("a.B, c.D")).isEqualTo("a.B, c.D," + name);
    assertThat(MetricsPlugin.appendedTo("a.B , " + name)).isEqualTo("a.B , " + name);
  }

  @Test
  void withoutThePluginNobodyListens() {
    assertThat(MetricsPlugin.listener()).isSameAs(TrainingListener.NONE);
  }
}
