package chainrule.train;

import chainrule.data.Fingerprint;
import chainrule.data.Schema;
import chainrule.data.Sha256;
import chainrule.optim.Solver;
import chainrule.train.checkpoint.ChangedRunException;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Fold;
import chainrule.train.shard.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Everything besides its state that determines the bits of a phase, as texts by key: the data, the
 * settings and the plan. A phase may be resumed only where these are the same.
 *
 * <p>Checkpoints store keys and texts, so both are a file format: renaming a component of {@link
 * TrainingSettings} or {@link Plan}, or changing the {@code toString} of a value, must change
 * neither. {@code RunFactsTest} holds them, and that every component is listed.
 */
final class RunFacts {
  private static final String EPOCHS = "epochs";
  private static final String OPTIMIZER = "optimizer in full";
  private static final String FOLD = "fold";
  private static final String ABSENT = "not set";

  /** What a key stands for. */
  private record Fact<T>(String key, Function<T, Object> value) {}

  private static final List<Fact<TrainingSettings>> SETTINGS =
      List.of(
          new Fact<>("network", TrainingSettings::network),
          new Fact<>("optimizer", TrainingSettings::optimizer),
          new Fact<>("schedule", TrainingSettings::schedule),
          new Fact<>("task", TrainingSettings::task),
          new Fact<>("loss", TrainingSettings::loss),
          new Fact<>("huber-delta", TrainingSettings::huberDelta),
          new Fact<>("label-smoothing", TrainingSettings::labelSmoothing),
          new Fact<>("standardize", TrainingSettings::standardize),
          new Fact<>("encoding", TrainingSettings::encoding),
          new Fact<>("embed-above", TrainingSettings::embedAbove),
          new Fact<>("standardize-label", TrainingSettings::standardizeLabel),
          new Fact<>("validation-fraction", TrainingSettings::validationFraction),
          new Fact<>("batch-size", TrainingSettings::batchSize),
          new Fact<>(EPOCHS, TrainingSettings::epochs),
          new Fact<>("seed", TrainingSettings::seed),
          new Fact<>("selection", TrainingSettings::selection),
          new Fact<>("refit", TrainingSettings::refit),
          new Fact<>("class-weights", TrainingSettings::classWeights),
          new Fact<>("l2", TrainingSettings::l2),
          new Fact<>("clipping", TrainingSettings::clipping),
          new Fact<>("patience", TrainingSettings::patience),
          new Fact<>("min-delta", TrainingSettings::minDelta),
          new Fact<>("shards", TrainingSettings::shards));

  /** The plan's facts; where a key is a setting's too, the plan's text replaces it. */
  private static final List<Fact<Plan>> PLAN =
      List.of(
          new Fact<>("rows", Plan::rows),
          new Fact<>("task", Plan::task),
          new Fact<>("loss", Plan::loss),
          new Fact<>("batch-size", Plan::batchSize),
          new Fact<>(EPOCHS, Plan::epochs),
          new Fact<>("shards", Plan::shards),
          new Fact<>("bins", Plan::bins),
          new Fact<>("dropout", Plan::dropout),
          new Fact<>("ensemble-size", Plan::ensembleSize),
          new Fact<>("validation-fraction", Plan::validationFraction),
          new Fact<>("refit", Plan::refit),
          new Fact<>("class-weights", Plan::classWeights));

  private RunFacts() {}

  /** Returns the keys of the settings' facts, for a test that none is missing. */
  static List<String> settingsKeys() {
    return SETTINGS.stream().map(Fact::key).toList();
  }

  /** Returns the keys of the plan's facts, for a test that none is missing. */
  static List<String> planKeys() {
    return PLAN.stream().map(Fact::key).toList();
  }

  /** Returns the facts of a phase that starts from these parameters. */
  static Map<String, String> of(
      Table table,
      Plan plan,
      TrainingSettings settings,
      Solver solver,
      Setting<Fold> fold,
      float[] initial) {
    Map<String, String> facts = given(table, settings);
    putAll(facts, PLAN, plan);
    facts.put(OPTIMIZER, solver.toString());
    facts.put(FOLD, fold.toString());
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * initial.length);
    bytes.asFloatBuffer().put(initial);
    facts.put("initial weights", initial.length + " of SHA-256 " + Sha256.hex(bytes.array()));
    return facts;
  }

  /** Returns the SHA-256 of what is known of a training before it begins, in hexadecimal digits. */
  static String identity(Table table, TrainingSettings settings, Setting<Fold> fold) {
    Map<String, String> facts = new TreeMap<>(given(table, settings)); // in the order of keys
    facts.put(FOLD, fold.toString());
    var text = new StringBuilder();
    facts.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the facts that are known before the phase: the data and the settings. */
  private static Map<String, String> given(Table table, TrainingSettings settings) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("data", fingerprint(table, settings.seed()));
    table
        .validationTable()
        .ifPresent(
            validation -> facts.put("validation data", fingerprint(validation, settings.seed())));
    facts.put("columns", columns(table.schema()));
    facts.put("classes given", table.classes().toString());
    putAll(facts, SETTINGS, settings);
    return facts;
  }

  private static <T> void putAll(Map<String, String> facts, List<Fact<T>> listed, T of) {
    listed.forEach(fact -> facts.put(fact.key, String.valueOf(fact.value.apply(of))));
  }

  private static String fingerprint(Table table, long seed) {
    Fingerprint fingerprint = table.summary(seed).fingerprint();
    return fingerprint.rows() + " rows of fingerprint " + fingerprint.toHex();
  }

  private static String columns(Schema schema) {
    byte[] text = schema.toString().getBytes(StandardCharsets.UTF_8);
    return schema.columnNames().size() + " of SHA-256 " + Sha256.hex(text);
  }

  /**
   * Throws unless a phase with these facts may resume from a checkpoint. In the first phase the
   * number of epochs may differ if the learning rates don't depend on it.
   */
  static void requireSame(Checkpoint checkpoint, Map<String, String> facts) {
    Map<String, String> then = checkpoint.facts();
    boolean fits = checkpoint.loop().phase() == EpochRecord.Phase.FIT;
    boolean sameRates = facts.get(OPTIMIZER).equals(then.get(OPTIMIZER));
    int done = checkpoint.loop().history().size();
    Set<String> keys = new LinkedHashSet<>(facts.keySet());
    keys.addAll(then.keySet());
    if (!(fits && sameRates && Integer.parseInt(facts.get(EPOCHS)) >= done)) {
      requireSame(EPOCHS, then, facts); // the reason why the optimizer differs
    }
    keys.remove(EPOCHS);
    for (String key : keys) {
      requireSame(key, then, facts);
    }
  }

  private static void requireSame(String key, Map<String, String> then, Map<String, String> now) {
    String was = then.getOrDefault(key, ABSENT);
    String is = now.getOrDefault(key, ABSENT);
    if (!was.equals(is)) {
      throw new ChangedRunException(key, was, is);
    }
  }
}
