package chainrule.model;

import chainrule.math.Check;
import chainrule.optim.OptimizerState;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.LoopSnapshot;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint as one safetensors file: in one dimension, in the order of the flat vector, {@code
 * parameters}, {@code parameters.before} the last step, {@code moment.{i}} of the optimizer, and
 * {@code candidate.{epoch}}, the weights of passes that may yet be chosen; in the metadata, under
 * {@code chainrule-checkpoint}, a JSON description of everything else, and the SHA-256 of both, so
 * that no damage goes unnoticed.
 */
public final class CheckpointFile {
  private static final String KEY = "chainrule-checkpoint";
  private static final String PARAMETERS = "parameters";
  private static final String BEFORE = "parameters.before";
  private static final String MOMENT = "moment.";
  private static final String CANDIDATE = "candidate.";

  private CheckpointFile() {}

  /**
   * A checkpoint and its writer's description of the run, such as its configuration. Immutable.
   *
   * @param origin texts by name
   * @param checkpoint from which training resumes
   */
  public record Contents(Map<String, String> origin, Checkpoint checkpoint) {}

  /** Writes a checkpoint; the stream stays open. */
  public static void write(Contents contents, OutputStream out) throws IOException {
    LoopSnapshot loop = contents.checkpoint().loop();
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    tensors.add(Safetensors.Tensor.sharing(PARAMETERS, loop.parameters()));
    tensors.add(Safetensors.Tensor.sharing(BEFORE, loop.parametersBefore()));
    List<float[]> moments = loop.optimizer().moments();
    for (int i = 0; i < moments.size(); i++) {
      tensors.add(Safetensors.Tensor.sharing(MOMENT + i, moments.get(i)));
    }
    loop.candidates()
        .forEach(
            (epoch, weights) ->
                tensors.add(Safetensors.Tensor.sharing(CANDIDATE + epoch, weights)));
    String description = CheckpointJson.describe(contents).toString();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(KEY, description);
    metadata.put(ModelFile.CHECKSUM, ModelFile.checksum(description, tensors));
    new Safetensors(metadata, tensors).writeTo(out);
  }

  /**
   * Reads a checkpoint; the stream stays open.
   *
   * @param length of the file
   * @throws IllegalArgumentException if the file is no checkpoint, a damaged one or a newer
   *     version's
   */
  public static Contents read(InputStream in, long length) throws IOException {
    Safetensors file = Safetensors.read(in, length);
    String description = file.metadata().getOrDefault(KEY, "");
    Check.argument(
        !description.isEmpty(), "checkpoint", "no description", "a file that training wrote");
    String sum = ModelFile.checksum(description, file.tensors().values());
    Check.argument(
        sum.equals(file.metadata().get(ModelFile.CHECKSUM)),
        "checkpoint",
        "its SHA-256 is " + sum,
        "that of its metadata: the file is damaged");
    try {
      JsonNode json = Safetensors.parse(description);
      return CheckpointJson.contents(json, loop -> snapshot(loop, file));
    } catch (JsonProcessingException e) {
      throw Check.invalid("checkpoint", e.getOriginalMessage(), "described in JSON");
    }
  }

  private static LoopSnapshot snapshot(JsonNode loop, Safetensors file) {
    List<float[]> moments = new ArrayList<>();
    for (int i = 0; i < JsonFields.whole(loop, "moments"); i++) {
      moments.add(file.tensor(MOMENT + i).array());
    }
    Map<Integer, float[]> candidates = new TreeMap<>();
    for (JsonNode epoch : loop.path("candidates")) {
      candidates.put(epoch.asInt(), file.tensor(CANDIDATE + epoch.asInt()).array());
    }
    return new LoopSnapshot(
        CheckpointJson.phase(loop),
        CheckpointJson.whole(loop, "step"),
        file.tensor(PARAMETERS).array(),
        file.tensor(BEFORE).array(),
        OptimizerState.of(CheckpointJson.whole(loop, "optimizerStep"), moments),
        candidates,
        CheckpointJson.history(loop.path("history")),
        CheckpointJson.epoch(loop));
  }
}
