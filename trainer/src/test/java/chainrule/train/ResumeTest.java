package chainrule.train;

import static chainrule.train.Resumes.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import chainrule.data.RawRow;
import chainrule.nn.Activation;
import chainrule.optim.GradientClipping;
import chainrule.optim.OptimizerState;
import chainrule.optim.Optimizers;
import chainrule.train.checkpoint.ChangedRunException;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.CheckpointStore;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.checkpoint.TrainingInterruptedException;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.settings.ClassWeights;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Selection;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.shard.Table;
import chainrule.train.sums.LossSum;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that resumes from a checkpoint ends with the bits of one that never stopped. */
class ResumeTest {
  private static final List<RawRow> ROWS = Examples.xor(90);
  private static final InMemoryTable TABLE = Examples.table(Examples.CLASSES, ROWS);

  private static TrainingSettings.Builder settings() {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                List.of(4), Activation.SILU, Setting.auto(), Setting.of(0.2), Setting.auto()))
        .epochs(Setting.of(12))
        .batchSize(Setting.of(32))
        .shards(Setting.of(4));
  }

  private static TrainingSettings with(String optimizer) {
    return settings()
        .optimizer(new OptimizerSettings(optimizer, Setting.of(0.01), Map.of()))
        .build();
  }

  private static TrainingSettings lbfgs() {
    return settings()
        .network(Examples.hidden(4))
        .batchSize(Setting.auto())
        .optimizer(new OptimizerSettings("lbfgs", Setting.auto(), Map.of()))
        .build();
  }

  static Stream<TrainingSettings> everyOptimizerAndWayToEnd() {
    return Stream.concat(
        Optimizers.keys().stream().map(ResumeTest::with),
        Stream.of(
            settings().patience(2).minDelta(0.02).refit(Setting.of(false)).build(),
            settings().patience(1).minDelta(0.5).build(),
            settings().selection(Selection.LAST).l2(0.01).build(),
            lbfgs(),
            settings().validationFraction(Setting.of(0.0)).build(),
            settings().network(Examples.hidden(3).withEnsembleSize(Setting.of(2))).build(),
            settings()
                .clipping(new GradientClipping(0.1))
                .schedule(
                    new ScheduleSettings(
                        "warmup-cosine",
                        1,
                        1,
                        2,
                        Setting.auto(),
                        1e-4,
                        ScheduleSettings.Unit.EPOCHS))
                .build()));
  }

  @ParameterizedTest
  @MethodSource("everyOptimizerAndWayToEnd")
  void resumesWithTheSameBitsFromAnyStepOfAnyPhase(TrainingSettings settings) {
    Trainer.Outcome undisturbed = new Trainer(settings, TrainingListener.NONE).train(TABLE);
    List<Checkpoint> checkpoints = Resumes.all(settings, TABLE);
    // One for each step, and one for each epoch in place of its last step.
    assertThat(checkpoints).hasSizeGreaterThanOrEqualTo((int) undisturbed.report().steps());
    for (Checkpoint checkpoint : checkpoints) {
      assertSame(Resumes.resume(settings, TABLE, checkpoint), undisturbed);
    }
    Set<EpochRecord.Phase> phases =
        undisturbed.report().history().stream().map(EpochRecord::phase).collect(Collectors.toSet());
    assertThat(checkpoints.stream().map(checkpoint -> checkpoint.loop().phase()))
        .containsAll(phases);
  }

  @Test
  void resumesWithAValidationTableAndAfterManyStops() {
    TrainingSettings settings = settings().build();
    InMemoryTable table =
        TABLE.withHeldOut(Examples.table(Examples.CLASSES, Examples.xor(120).subList(90, 120)));
    Trainer.Outcome undisturbed = new Trainer(settings, TrainingListener.NONE).train(table);
    var memory = new Resumes.Memory();
    Trainer trainer = new Trainer(settings, TrainingListener.NONE);
    int stops = 0;
    while (true) {
      // Stops itself after its second checkpoint, which is a step or an epoch later.
      var checkpointer = new StoppingAfter(2, memory).checkpointer;
      try {
        Trainer.Outcome outcome = trainer.with(checkpointer).train(table);
        assertSame(outcome, undisturbed);
        assertThat(outcome.report().faults().resumed()).hasSize(stops);
        break;
      } catch (TrainingInterruptedException e) {
        assertThat(e.saved().orElseThrow().where()).isEqualTo("memory");
        stops++;
        trainer = trainer.resuming(memory.checkpoints.get(memory.checkpoints.size() - 1));
      }
    }
    assertThat(stops).isGreaterThan(10);
  }

  /** Requests a stop after so many checkpoints. */
  private static final class StoppingAfter implements CheckpointStore {
    private final CheckpointStore store;
    private final Checkpointer checkpointer;
    private int left;

    StoppingAfter(int checkpoints, CheckpointStore store) {
      this.left = checkpoints;
      this.store = store;
      this.checkpointer = Resumes.immediate(new CheckpointPolicy(1, 1, 0), this);
    }

    @Override
    public String save(Checkpoint checkpoint) {
      left--;
      if (left == 0) {
        checkpointer.requestStop();
      }
      return store.save(checkpoint);
    }
  }

  @Test
  void aFailedStepLeavesACheckpointOfTheLastFinishedOne() {
    TrainingSettings settings = settings().build();
    Trainer.Outcome undisturbed = new Trainer(settings, TrainingListener.NONE).train(TABLE);
    var memory = new Resumes.Memory();
    var failing =
        new TrainingListener() {
          @Override
          public void stepFinished(long step, double loss) {
            if (step == 7) {
              throw new IllegalArgumentException("a fault");
            }
          }
        };
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                new Trainer(settings, failing)
                    .with(Resumes.immediate(new CheckpointPolicy(100, 0, 0), memory))
                    .train(TABLE));
    assertThat(memory.checkpoints).hasSize(1);
    assertThat(memory.checkpoints.get(0).loop().step()).isEqualTo(8);
    assertSame(Resumes.resume(settings, TABLE, memory.checkpoints.get(0)), undisturbed);
  }

  @Test
  void aStepThatIsHalfDoneIsNoCheckpoint() {
    LoopSnapshot start = start();
    var state = new LoopState(start, new EarlyStopping(0, 0), false);
    state.beginUpdate(new LossSum(1, 1));
    assertThatIllegalStateException()
        .isThrownBy(state::snapshot)
        .withMessage("Cannot take a snapshot: a step is only half done");
    state.endStep(0);
    assertThat(state.snapshot().step()).isEqualTo(1);
  }

  private static LoopSnapshot start() {
    return LoopSnapshot.start(
        EpochRecord.Phase.FIT, new float[2], OptimizerState.of(0, List.of(new float[2])));
  }

  private static void assertChanged(
      Checkpoint checkpoint, TrainingSettings settings, Table table, String message) {
    assertThatExceptionOfType(ChangedRunException.class)
        .isThrownBy(() -> Resumes.resume(settings, table, checkpoint))
        .withMessageMatching(message);
  }

  @Test
  void anotherTableIsRefused() {
    Checkpoint checkpoint = Resumes.all(settings().build(), TABLE).get(0);
    assertChanged(
        checkpoint,
        settings().build(),
        Examples.table(Examples.CLASSES, ROWS.subList(1, 90)),
        "Cannot resume: data was 90 rows of fingerprint [0-9a-f]{32}, now it is 89 rows of"
            + " fingerprint [0-9a-f]{32}");
    assertChanged(
        checkpoint,
        settings().build(),
        TABLE.withHeldOut(TABLE),
        "Cannot resume: validation data was not set, now it is 90 rows of .*");
  }

  @Test
  void everyOtherSettingIsRefused() {
    Checkpoint checkpoint = Resumes.all(settings().build(), TABLE).get(0);
    Map<String, TrainingSettings> changed = new TreeMap<>();
    changed.put("seed was 1, now it is 2", settings().seed(2).build());
    changed.put("shards was .*4.*, now it is .*8.*", settings().shards(Setting.of(8)).build());
    changed.put("l2 was 0.0, now it is 0.1", settings().l2(0.1).build());
    changed.put("patience was 0, now it is 3", settings().patience(3).build());
    changed.put("refit was .*", settings().refit(Setting.of(false)).build());
    changed.put("epochs was 12, now it is 13", settings().epochs(Setting.of(13)).build());
    changed.put("standardize was true, now it is false", settings().standardize(false).build());
    changed.forEach(
        (message, settings) ->
            assertChanged(checkpoint, settings, TABLE, "Cannot resume: " + message));
    Trainer others =
        new Trainer(settings().build(), TrainingListener.NONE)
            .startingFrom(network -> new float[network.parameterCount()])
            .resuming(checkpoint);
    assertThatExceptionOfType(ChangedRunException.class)
        .isThrownBy(() -> others.train(TABLE))
        .withMessageStartingWith("Cannot resume: initial weights was ");
  }

  @Test
  void theNumberOfEpochsMayChangeWhereTheRatesDoNot() {
    var constant =
        new ScheduleSettings("constant", 1, 1, 1, Setting.auto(), 0, ScheduleSettings.Unit.EPOCHS);
    TrainingSettings twelve = settings().schedule(constant).build();
    TrainingSettings twenty = settings().schedule(constant).epochs(Setting.of(20)).build();
    List<Checkpoint> checkpoints = Resumes.all(twelve, TABLE);
    Trainer.Outcome undisturbed = new Trainer(twenty, TrainingListener.NONE).train(TABLE);
    List<Checkpoint> fit =
        checkpoints.stream()
            .filter(checkpoint -> checkpoint.loop().phase() == EpochRecord.Phase.FIT)
            .toList();
    assertSame(Resumes.resume(twenty, TABLE, fit.get(0)), undisturbed);
    assertSame(Resumes.resume(twenty, TABLE, fit.get(fit.size() - 1)), undisturbed);
    assertChanged(
        fit.get(fit.size() - 1),
        settings().schedule(constant).epochs(Setting.of(11)).build(),
        TABLE,
        "Cannot resume: epochs was 12, now it is 11");
    // The epoch was selected among twelve.
    assertChanged(
        checkpoints.get(checkpoints.size() - 1),
        twenty,
        TABLE,
        "Cannot resume: epochs was 12, now it is 20");
  }

  @Test
  void factsAreTheSameInEveryJvm() {
    // The order of unordered maps differs from JVM to JVM.
    assertThat(ClassWeights.of(Map.of("b", 2.0, "a", 1.0, "c", 3.0)).toString())
        .contains("{a=1.0, b=2.0, c=3.0}");
    assertThat(
            new OptimizerSettings("adam", Setting.auto(), Map.of("epsilon", 2.0, "beta1", 1.0))
                .toString())
        .contains("{beta1=1.0, epsilon=2.0}");
    Checkpoint checkpoint = Resumes.all(settings().build(), TABLE).get(0);
    assertThat(checkpoint.facts().values())
        .allSatisfy(value -> assertThat(value).doesNotMatch("(?s).*[A-Za-z]@[0-9a-f]+.*"));
  }
}
