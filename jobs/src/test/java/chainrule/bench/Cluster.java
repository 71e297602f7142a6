package chainrule.bench;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/** Spark on this machine: in this process, or with executors in processes of their own. */
final class Cluster {
  private Cluster() {}

  /** Starts Spark with so many threads in this process. */
  static SparkSession local(Options options, int threads) {
    return start(options, "local[" + threads + "]", Map.of());
  }

  /** Starts Spark with so many executors of one core each. */
  static SparkSession executors(Options options, int count) {
    return executors(options, count, 1024, Map.of());
  }

  /**
   * Starts Spark with so many executors of one core each.
   *
   * @param conf more of Spark's configuration
   */
  static SparkSession executors(
      Options options, int count, int mebibytes, Map<String, String> conf) {
    Map<String, String> all = new TreeMap<>(conf);
    all.put("spark.executor.memory", mebibytes + "m");
    all.put("spark.executor.extraClassPath", ownClasses());
    return start(options, "local-cluster[" + count + ",1," + mebibytes + "]", all);
  }

  private static SparkSession start(Options options, String master, Map<String, String> conf) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(master)
            .appName("bench")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.local.dir", options.scratch())
            .config("spark.sql.warehouse.dir", options.scratch() + "/warehouse");
    conf.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** The folders of the class path: jars are where executors find Spark's. */
  private static String ownClasses() {
    List<String> folders = new ArrayList<>();
    Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(entry -> !entry.endsWith(".jar"))
        .forEach(folders::add);
    return String.join(File.pathSeparator, folders);
  }
}
