package chainrule.spark.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * With what a checkpoint is written, as texts by name: the kernels, without which a training cannot
 * go on to the same bits, and what may change last bits or explain them.
 */
public final class RuntimeEnvironment {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeEnvironment.class);

  /** The name of the kernels' entry. */
  public static final String KERNELS = "kernels";

  private static final String CPU = "cpu";
  private static final String VERSION = "chainrule";

  private RuntimeEnvironment() {}

  /** Returns what is written of this JVM. */
  public static Map<String, String> of(String kernels) {
    Map<String, String> origin = new TreeMap<>();
    origin.put(KERNELS, kernels);
    origin.put(CPU, Cpu.name());
    origin.put(VERSION, version());
    origin.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    origin.put("java", System.getProperty("java.version"));
    return origin;
  }

  /** Returns the version of the program. */
  public static String version() {
    // The jar's manifest has it; classes that are not in a jar have none.
    return Optional.ofNullable(RuntimeEnvironment.class.getPackage().getImplementationVersion())
        .orElse("of no release");
  }

  /** Warns of what may change the last bits of a training that goes on. */
  public static void warnOfOther(Map<String, String> then, Map<String, String> now) {
    for (String key : List.of(VERSION, CPU)) {
      if (!now.get(key).equals(then.get(key))) {
        LOG.warn(
            "The checkpoint was written with {} {}, and this is {}: last bits may differ from those"
                + " of an undisturbed run",
            key,
            then.get(key),
            now.get(key));
      }
    }
  }
}
