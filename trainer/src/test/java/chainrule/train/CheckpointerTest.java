package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chainrule.optim.OptimizerState;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.CheckpointStore;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.checkpoint.TrainingInterruptedException;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.sums.LossSum;
import chainrule.train.sums.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointerTest {
  private static final long STEPS_PER_EPOCH = 4;
  private static final long MINUTE = 60_000_000_000L;

  private final List<String> saved = new ArrayList<>();
  private final List<Runnable> queued = new ArrayList<>();
  private long now;
  private LoopState state = state();

  private static LoopState state() {
    var start =
        LoopSnapshot.start(EpochRecord.Phase.FIT, new float[1], OptimizerState.of(0, List.of()));
    return new LoopState(start, new EarlyStopping(0, 0), false);
  }

  private String save(Checkpoint checkpoint) {
    saved.add(checkpoint.place());
    return "file";
  }

  private Checkpointer checkpointer(CheckpointPolicy policy, CheckpointStore store) {
    var checkpointer = new Checkpointer(policy, store, queued::add, () -> {}, () -> now);
    checkpointer.watch(state);
    return checkpointer;
  }

  /** Does what a loop does for so many steps, and runs queued writes after each if asked to. */
  private void steps(Checkpointer checkpointer, int count, boolean writes) {
    for (int i = 0; i < count; i++) {
      state.beginUpdate(new LossSum(1, 1));
      state.endStep(0);
      checkpointer.stepFinished(STEPS_PER_EPOCH);
      if (state.step() % STEPS_PER_EPOCH == 0) {
        state.endEpoch(
            new EpochRecord(
                EpochRecord.Phase.FIT,
                state.epochs() + 1,
                state.step(),
                0,
                0,
                Metrics.none(),
                0,
                0,
                0,
                EpochRecord.Norms.none()));
        checkpointer.epochFinished();
      }
      if (writes) {
        runQueued();
      }
    }
  }

  private void runQueued() {
    List.copyOf(queued).forEach(Runnable::run);
    queued.clear();
  }

  @Test
  void writesByEpochs() {
    steps(checkpointer(new CheckpointPolicy(2, 0, 0), this::save), 16, true);
    assertThat(saved).containsExactly("epoch 3, step 8", "epoch 5, step 16");
  }

  @Test
  void writesBySteps() {
    steps(checkpointer(new CheckpointPolicy(0, 3, 0), this::save), 10, true);
    assertThat(saved).containsExactly("epoch 1, step 3", "epoch 2, step 6", "epoch 3, step 9");
  }

  @Test
  void writesOnceWhereAStepEndsAnEpoch() {
    steps(checkpointer(new CheckpointPolicy(1, 2, 0), this::save), 5, true);
    assertThat(saved).containsExactly("epoch 1, step 2", "epoch 2, step 4");
  }

  @Test
  void writesByTheClock() {
    Checkpointer checkpointer = checkpointer(new CheckpointPolicy(0, 0, 2), this::save);
    steps(checkpointer, 2, true);
    now += 2 * MINUTE - 1;
    steps(checkpointer, 1, true);
    assertThat(saved).isEmpty();
    now += 1;
    steps(checkpointer, 2, true);
    assertThat(saved).containsExactly("epoch 1, step 4");
  }

  @Test
  void hasOneInFlightAndThenTheNewest() {
    Checkpointer checkpointer = checkpointer(new CheckpointPolicy(1, 0, 0), this::save);
    steps(checkpointer, 13, false);
    assertThat(queued).hasSize(1);
    runQueued();
    steps(checkpointer, 1, true); // what was due is written as soon as it can be
    assertThat(saved).containsExactly("epoch 2, step 4", "epoch 4, step 14");
  }

  @Test
  void restsNineTimesAsLongAsItWrote() {
    Checkpointer checkpointer =
        checkpointer(
            new CheckpointPolicy(0, 1, 0),
            checkpoint -> {
              now += 10;
              return save(checkpoint);
            });
    steps(checkpointer, 1, true);
    now += 89;
    steps(checkpointer, 1, true);
    assertThat(saved).hasSize(1);
    now += 1;
    steps(checkpointer, 1, true);
    assertThat(saved).hasSize(2);
  }

  @Test
  void theEndOfAPhaseIsWrittenUnlessItIsAlready() {
    Checkpointer checkpointer = checkpointer(new CheckpointPolicy(3, 0, 0), this::save);
    steps(checkpointer, 12, true);
    checkpointer.phaseFinished();
    assertThat(saved).containsExactly("epoch 4, step 12");
    checkpointer.watch(state);
    steps(checkpointer, 4, true);
    checkpointer.phaseFinished();
    assertThat(saved).containsExactly("epoch 4, step 12", "epoch 5, step 16");
    assertThat(checkpointer.saveNow().orElseThrow())
        .isEqualTo(new Checkpointer.Saved("epoch 5, step 16", "file"));
    assertThat(saved).hasSize(2);
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsCountedAndTrainingContinues() {
    Checkpointer checkpointer =
        checkpointer(
            new CheckpointPolicy(1, 0, 0),
            checkpoint -> {
              if (saved.isEmpty()) {
                saved.add("failed");
                throw new UncheckedIOException("no space", new IOException());
              }
              return save(checkpoint);
            });
    steps(checkpointer, 8, true);
    assertThat(saved).containsExactly("failed", "epoch 3, step 8");
    assertThat(checkpointer.failed()).isEqualTo(1);
  }

  @Test
  void stopsAfterTheStepInFlightWithACheckpoint() {
    Checkpointer checkpointer = checkpointer(new CheckpointPolicy(1, 0, 0), this::save);
    steps(checkpointer, 1, true);
    checkpointer.requestStop();
    assertThatExceptionOfType(TrainingInterruptedException.class)
        .isThrownBy(() -> steps(checkpointer, 1, true))
        .satisfies(e -> assertThat(e.saved().orElseThrow().place()).isEqualTo("epoch 1, step 2"));
    assertThat(saved).containsExactly("epoch 1, step 2");
  }

  @Test
  void stopsWithoutACheckpointWhereNoneAreWanted() {
    Checkpointer checkpointer = checkpointer(CheckpointPolicy.never(), this::save);
    checkpointer.requestStop();
    assertThatExceptionOfType(TrainingInterruptedException.class)
        .isThrownBy(() -> steps(checkpointer, 1, true))
        .satisfies(e -> assertThat(e.saved()).isEmpty());
    assertThat(saved).isEmpty();
  }

  @Test
  void writesBesideTheThreadThatTrains() throws Exception {
    List<String> threads = new ArrayList<>();
    try (var checkpointer =
        new Checkpointer(
            new CheckpointPolicy(1, 0, 0),
            checkpoint -> {
              threads.add(Thread.currentThread().getName());
              return save(checkpoint);
            })) {
      checkpointer.watch(state);
      steps(checkpointer, 4, false);
      checkpointer.phaseFinished(); // waits for it
    }
    assertThat(threads).containsExactly("chainrule-checkpoints");
    assertThat(saved).containsExactly("epoch 2, step 4");
  }

  @Test
  void refusesPoliciesOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CheckpointPolicy(-1, 0, 0))
        .withMessage("Invalid every-epochs: -1 (must be >= 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CheckpointPolicy(0, -1, 0))
        .withMessage("Invalid every-steps: -1 (must be >= 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CheckpointPolicy(0, 0, Double.NaN))
        .withMessage("Invalid every-minutes: NaN (must be >= 0 and finite)");
  }

  @Test
  void aFailureOfTrainingHasTheLastCheckpoint() {
    Checkpointer checkpointer = checkpointer(new CheckpointPolicy(1, 0, 0), this::save);
    steps(checkpointer, 5, true);
    var failure = new IllegalStateException("the cluster is gone");
    checkpointer.rescue(failure);
    assertThat(saved).containsExactly("epoch 2, step 4", "epoch 2, step 5");
    var kept = (TrainingInterruptedException) failure.getSuppressed()[0];
    assertThat(kept.saved()).contains(new Checkpointer.Saved("epoch 2, step 5", "file"));

    var early = new IllegalStateException("before there was a step");
    checkpointer(CheckpointPolicy.never(), this::save).rescue(early);
    assertThat(early).hasNoSuppressedExceptions();
  }
}
