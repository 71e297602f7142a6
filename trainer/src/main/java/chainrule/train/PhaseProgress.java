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
import java.util.Optional;

/**
 * The progress of a training: the phases that are done, in this process or before a checkpoint was
 * written, and where the next one starts.
 *
 * <p>Any thread may call {@link #faults}; everything else is for the thread that trains.
 */
final class PhaseProgress {
  private final Checkpointer checkpointer;
  private final List<PhaseReport> reports = new ArrayList<>();
  private volatile Faults faultsBefore = Faults.none();

  /** The checkpoint to resume from; null once a phase has started from it, or if there is none. */
  private Checkpoint resumed;

  /** The source of the phase in flight; null between phases. */
  private volatile GradientSource source;

  /**
   * @param resumed the checkpoint to resume from
   */
  PhaseProgress(Checkpointer checkpointer, Optional<Checkpoint> resumed) {
    this.checkpointer = checkpointer;
    this.resumed = resumed.orElse(null);
    resumed.ifPresent(
        checkpoint -> {
          reports.addAll(checkpoint.finished());
          faultsBefore = checkpoint.faults();
        });
  }

  /**
   * Returns where a phase starts: from the checkpoint, or with the initial parameters.
   *
   * @throws ChangedRunException if the checkpoint belongs to another training
   */
  LoopSnapshot start(
      EpochRecord.Phase phase, Map<String, String> facts, float[] initial, Solver solver) {
    if (resumed == null) {
      return LoopSnapshot.start(phase, initial, solver.newState(initial.length));
    }
    RunFacts.requireSame(resumed, facts);
    LoopSnapshot loop = resumed.loop();
    resumed = null;
    if (loop.phase() != phase || loop.parameters().length != initial.length) {
      throw new ChangedRunException("phase", loop.phase() + "", phase + "");
    }
    faultsBefore =
        faultsBefore.plusResumed(new Faults.Place(phase, loop.history().size() + 1, loop.step()));
    return loop;
  }

  /** Begins a phase, and sets how its checkpoints are made from snapshots. */
  void begin(Map<String, String> facts, GradientSource gradients) {
    source = gradients;
    List<PhaseReport> finished = List.copyOf(reports);
    checkpointer.complete(snapshot -> new Checkpoint(facts, finished, snapshot, faults()));
  }

  /** Ends the phase with its report. */
  void end(PhaseReport report) {
    reports.add(report);
    faultsBefore = faultsOfPhases();
    source = null;
  }

  /** Returns whether the first phase is done. */
  boolean isFitted() {
    return !reports.isEmpty();
  }

  /** Returns the report of the first phase; only if {@link #isFitted}. */
  PhaseReport fit() {
    return reports.get(0);
  }

  /** Returns the reports of the phases that are done, in order. */
  List<PhaseReport> reports() {
    return List.copyOf(reports);
  }

  /** Returns the faults so far, in all phases. */
  Faults faults() {
    return faultsOfPhases().plusFailedCheckpoints(checkpointer.failed());
  }

  private Faults faultsOfPhases() {
    GradientSource inFlight = source; // read once: end() may clear it meanwhile
    return inFlight == null ? faultsBefore : faultsBefore.plus(inFlight.faults());
  }
}
