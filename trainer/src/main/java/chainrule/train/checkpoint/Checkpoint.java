package chainrule.train.checkpoint;

import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.history.PhaseReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that a training needs to resume after a stop, with the bits of one that was not
 * stopped. Immutable.
 *
 * @param facts everything besides the state that determines the bits: data, settings, plan; a
 *     resumed training must have the same
 * @param finished the phases before the one in flight
 * @param loop the phase in flight
 * @param faults that were overcome so far
 */
public record Checkpoint(
    Map<String, String> facts, List<PhaseReport> finished, LoopSnapshot loop, Faults faults) {
  public Checkpoint {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    finished = List.copyOf(finished);
    Objects.requireNonNull(loop, "loop");
    Objects.requireNonNull(faults, "faults");
  }

  /** Returns the place in the training, for people: "epoch 3, step 120". */
  public String place() {
    String refit = loop.phase() == EpochRecord.Phase.REFIT ? " of the refit" : "";
    return "epoch " + (loop.history().size() + 1) + refit + ", step " + loop.step();
  }

  /** Returns the records of all epochs that are done, in all phases. */
  public List<EpochRecord> history() {
    var history = new ArrayList<EpochRecord>();
    finished.forEach(phase -> history.addAll(phase.history()));
    history.addAll(loop.history());
    return history;
  }
}
