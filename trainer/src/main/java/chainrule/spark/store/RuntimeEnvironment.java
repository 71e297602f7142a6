package chainrule.spark.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment in which a checkpoint is written, as texts by name: the kernels, which a resumed
 * training needs for the same bits, and the versions that may change or explain last bits.
 */
public final class RuntimeEnvironment {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeEnvironment.class);

  /** The name of the entry for the kernels. */
  public static final String KERNELS = "kernels";

  private static final String CPU = "cpu";
  private static final String VERSION = "chainrule";

  private RuntimeEnvironment() {}

  /** Returns the entries for this JVM. */
  public static Map<String, String> of(String kernels) {
    Map<String, String> origin = new TreeMap<>();
    origin.put(KERNELS, kernels);
    origin.put(CPU, Cpu.name());
    origin.put(VERSION, version());
    origin.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    origin.put("java", System.getProperty("java.version"));
    return origin;
  }

  /** Returns the version of Chainrule. */
  public static String version() {
    // From the jar's manifest; classes outside a jar have no version.
    return Optional.ofNullable(RuntimeEnvironment.class.getPackage().getImplementationVersion())
        .orElse("of no release");
  }

  /** Logs differences of the environment that may change the last bits of a resumed training. */
  public static void warnOfOther(Map<String, String> then, Map<String, String> now) {
    for (String key : List.of(VERSION, CPU)) {
      if (!now.get(key).equals(then.get(key))) {
        LOG.warn(
            "The checkpoint was written with {} {}, but this run has {}: the last bits may differ from"
                + " those of an uninterrupted run",
            key,
            then.get(key),
            now.get(key));
      }
    }
  }
}
