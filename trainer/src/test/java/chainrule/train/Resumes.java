package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.CheckpointStore;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trainings with checkpoints, and what must be equal of two of them. */
final class Resumes {
  private Resumes() {}

  /** Keeps every checkpoint in memory. */
  static final class Memory implements CheckpointStore {
    final List<Checkpoint> checkpoints = new ArrayList<>();

    @Override
    public String save(Checkpoint checkpoint) {
      checkpoints.add(checkpoint);
      return "memory";
    }
  }

  /** Returns a checkpointer that writes at once, on the thread that trains. */
  static Checkpointer immediate(CheckpointPolicy policy, CheckpointStore store) {
    return new Checkpointer(policy, store, Runnable::run, () -> {}, () -> 0);
  }

  /** Returns every checkpoint that a training may leave: after each step and each epoch. */
  static List<Checkpoint> all(TrainingSettings settings, Table table) {
    var memory = new Memory();
    new Trainer(settings, TrainingListener.NONE)
        .with(immediate(new CheckpointPolicy(1, 1, 0), memory))
        .train(table);
    return memory.checkpoints;
  }

  static Trainer.Outcome resume(TrainingSettings settings, Table table, Checkpoint checkpoint) {
    return new Trainer(settings, TrainingListener.NONE).resuming(checkpoint).train(table);
  }

  /** All but times and faults. */
  static void assertSame(Trainer.Outcome actual, Trainer.Outcome expected) {
    assertThat(actual.model().parameters()).isEqualTo(expected.model().parameters());
    assertThat(facts(actual.report())).isEqualTo(facts(expected.report()));
  }

  private static Map<String, Object> facts(TrainingReport report) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("plan", report.plan());
    facts.put("fingerprint", report.fingerprint());
    facts.put("training rows", report.trainingRows());
    facts.put("validation rows", report.validationRows());
    facts.put("epochs", report.epochs());
    facts.put("best epoch", report.bestEpoch());
    facts.put("steps", report.steps());
    facts.put("training", report.training());
    facts.put("validation", report.validation());
    facts.put("history", report.history().stream().map(Resumes::withoutTimes).toList());
    return facts;
  }

  static EpochRecord withoutTimes(EpochRecord record) {
    return new EpochRecord(
        record.phase(),
        record.epoch(),
        record.step(),
        record.learningRate(),
        record.trainLoss(),
        record.validation(),
        0,
        0,
        0,
        record.norms());
  }
}
