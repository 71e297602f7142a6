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
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the bits of a phase depend on beside its state, as texts by name: the data, the settings,
 * and what the settings came to. A phase may be resumed where these are the same.
 */
final class RunFacts {
  private static final String EPOCHS = "epochs";
  private static final String OPTIMIZER = "optimizer in full";
  private static final String FOLD = "fold";
  private static final String ABSENT = "not set";

  private RunFacts() {}

  /**
   * Returns the facts of a phase. Settings and plan are taken whole, so that no later one is
   * forgotten.
   */
  static Map<String, String> of(
      Table table,
      Plan plan,
      TrainingSettings settings,
      Solver solver,
      Setting<Fold> fold,
      float[] initial) {
    Map<String, String> facts = given(table, settings);
    try {
      for (RecordComponent component : Plan.class.getRecordComponents()) {
        String value = String.valueOf(component.getAccessor().invoke(plan));
        facts.put(kebab(component.getName()), value);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot list the plan: " + e.getMessage(), e);
    }
    facts.put(EPOCHS, Integer.toString(plan.epochs()));
    facts.put(OPTIMIZER, solver.toString());
    facts.put(FOLD, fold.toString());
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * initial.length);
    bytes.asFloatBuffer().put(initial);
    facts.put("initial weights", initial.length + " of SHA-256 " + Sha256.hex(bytes.array()));
    return facts;
  }

  /** Returns the SHA-256 of what is known of a training before it begins, in hexadecimal digits. */
  static String identity(Table table, TrainingSettings settings, Setting<Fold> fold) {
    // In the order of names: that of fields may differ from JVM to JVM.
    Map<String, String> facts = new TreeMap<>(given(table, settings));
    facts.put(FOLD, fold.toString());
    var text = new StringBuilder();
    facts.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns what is known before the phase: the data and the settings. */
  private static Map<String, String> given(Table table, TrainingSettings settings) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("data", fingerprint(table, settings.seed()));
    for (Table heldOut : table.heldOut()) {
      facts.put("validation data", fingerprint(heldOut, settings.seed()));
    }
    facts.put("columns", columns(table.schema()));
    facts.put("classes given", table.classes().toString());
    try {
      for (Field field : TrainingSettings.class.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
          Object value = TrainingSettings.class.getMethod(field.getName()).invoke(settings);
          facts.put(kebab(field.getName()), String.valueOf(value));
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot list the settings: " + e.getMessage(), e);
    }
    return facts;
  }

  private static String fingerprint(Table table, long seed) {
    Fingerprint fingerprint = table.summary(seed).fingerprint();
    return fingerprint.rows() + " rows of fingerprint " + fingerprint.toHex();
  }

  private static String columns(Schema schema) {
    byte[] text = schema.toString().getBytes(StandardCharsets.UTF_8);
    return schema.columnNames().size() + " of SHA-256 " + Sha256.hex(text);
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /**
   * Throws unless a phase with these facts may go on from a checkpoint. In the first phase the
   * number of epochs may change as long as the learning rates don't with it.
   */
  static void requireSame(Checkpoint checkpoint, Map<String, String> facts) {
    Map<String, String> then = checkpoint.facts();
    boolean fits = checkpoint.loop().phase() == EpochRecord.Phase.FIT;
    boolean sameRates = facts.get(OPTIMIZER).equals(then.get(OPTIMIZER));
    int done = checkpoint.loop().history().size();
    Set<String> names = new LinkedHashSet<>(facts.keySet());
    names.addAll(then.keySet());
    if (!(fits && sameRates && Integer.parseInt(facts.get(EPOCHS)) >= done)) {
      requireSame(EPOCHS, then, facts); // the reason why the optimizer differs
    }
    names.remove(EPOCHS);
    for (String name : names) {
      requireSame(name, then, facts);
    }
  }

  private static void requireSame(String name, Map<String, String> then, Map<String, String> now) {
    String was = then.getOrDefault(name, ABSENT);
    String is = now.getOrDefault(name, ABSENT);
    if (!was.equals(is)) {
      throw new ChangedRunException(name, was, is);
    }
  }
}
