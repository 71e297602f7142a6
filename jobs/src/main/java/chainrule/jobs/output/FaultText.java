package chainrule.jobs.output;

import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reports the faults that a run survived, as JSON and as sentences. */
public final class FaultText {
  private FaultText() {}

  /** Returns the value of {@code faults} in metrics.json. */
  public static ObjectNode json(Faults faults) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("executorsLost", faults.executorsLost());
    json.put("attemptsFailed", faults.attemptsFailed());
    json.put("stepsRepeated", faults.stepsRepeated());
    json.put("secondsLost", faults.secondsLost());
    json.put("checkpointsFailed", faults.checkpointsFailed());
    ArrayNode resumed = json.putArray("resumed");
    for (Faults.Place place : faults.resumed()) {
      resumed
          .addObject()
          .put("phase", place.phase().name().toLowerCase(Locale.ROOT))
          .put("epoch", place.epoch())
          .put("step", place.step());
    }
    ArrayNode slow = json.putArray("slowExecutors");
    for (Faults.SlowExecutor executor : faults.slow()) {
      slow.addObject()
          .put("executor", executor.name())
          .put("timesMedian", executor.times())
          .put("shareOfTime", executor.share());
    }
    faults.fallbacks().forEach(json.putArray("fallbacks")::add);
    return json;
  }

  /** Returns a sentence for each fault; none if there were no faults. */
  public static List<String> sentences(Faults faults) {
    List<String> sentences = new ArrayList<>();
    for (Faults.Place place : faults.resumed()) {
      sentences.add(
          String.format(
              "Resumed from a checkpoint in epoch %d%s, step %d",
              place.epoch(),
              place.phase() == EpochRecord.Phase.REFIT ? " of the refit" : "",
              place.step()));
    }
    faults
        .fallbacks()
        .forEach(reason -> sentences.add("Continued with the tree engine. " + reason));
    if (faults.stepsRepeated() > 0 || faults.executorsLost() > 0) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "Lost %s; repeated %s in %.1f s",
              count(faults.executorsLost(), "executor"),
              count(faults.stepsRepeated(), "step"),
              faults.secondsLost()));
    }
    if (faults.checkpointsFailed() > 0) {
      sentences.add(
          count(faults.checkpointsFailed(), "checkpoint") + " could not be written (see the log)");
    }
    for (Faults.SlowExecutor executor : faults.slow()) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "Executor %s took %.1f times as long as the others, which waited for it %.0f %% of"
                  + " the time",
              executor.name(),
              executor.times(),
              100 * executor.share()));
    }
    return sentences;
  }

  private static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
