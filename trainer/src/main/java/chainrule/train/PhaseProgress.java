package chainrule.train;

import chainrule.optim.Solver;
import chainrule.train.checkpoint.ChangedRunException;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.history.PhaseReport;
import chainrule.train.shard.GradientSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far a training is: the phases that are done, here or before a checkpoint was written, and
 * where the next one starts. Not for sharing.
 */
final class PhaseProgress {
  private final Checkpointer checkpointer;
  private final List<Checkpoint> resumed;
  private final List<PhaseReport> reports = new ArrayList<>();
  private volatile Faults faults = Faults.none();
  private volatile List<GradientSource> source = List.of();

  /**
   * @param resumed the checkpoint to go on from, or none
   */
  PhaseProgress(Checkpointer checkpointer, List<Checkpoint> resumed) {
    this.checkpointer = checkpointer;
    this.resumed = new ArrayList<>(resumed);
    for (Checkpoint checkpoint : resumed) {
      reports.addAll(checkpoint.finished());
      faults = checkpoint.faults();
    }
  }

  /**
   * Returns where a phase starts: from the checkpoint, or with these parameters.
   *
   * @throws ChangedRunException if the checkpoint is of another training
   */
  LoopSnapshot start(
      EpochRecord.Phase phase, Map<String, String> facts, float[] initial, Solver solver) {
    if (resumed.isEmpty()) {
      return LoopSnapshot.start(phase, initial, solver.newState(initial.length));
    }
    Checkpoint checkpoint = resumed.remove(0);
    RunFacts.requireSame(checkpoint, facts);
    LoopSnapshot loop = checkpoint.loop();
    if (loop.phase() != phase || loop.parameters().length != initial.length) {
      throw new ChangedRunException("phase", loop.phase() + "", phase + "");
    }
    faults = faults.plusResumed(new Faults.Place(phase, loop.history().size() + 1, loop.step()));
    return loop;
  }

  /** Notes that a phase begins, and how its checkpoints are made. */
  void begin(Map<String, String> facts, GradientSource gradients) {
    source = List.of(gradients);
    List<PhaseReport> finished = List.copyOf(reports);
    checkpointer.complete(snapshot -> new Checkpoint(facts, finished, snapshot, faults()));
  }

  /** Notes that the phase is done. */
  void end(PhaseReport report) {
    reports.add(report);
    faults = faultsOfPhases();
    source = List.of();
  }

  /** Returns what the phases came to that are done. */
  List<PhaseReport> reports() {
    return List.copyOf(reports);
  }

  /** Returns what went wrong so far. */
  Faults faults() {
    return faultsOfPhases().plusFailedCheckpoints(checkpointer.failed());
  }

  private Faults faultsOfPhases() {
    Faults all = faults;
    for (GradientSource gradients : source) {
      all = all.plus(gradients.faults());
    }
    return all;
  }
}
