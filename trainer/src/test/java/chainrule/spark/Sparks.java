package chainrule.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** The one Spark of this JVM, for all tests; started anew only for another master or settings. */
public final class Sparks {
  private static String running = "";

  private Sparks() {}

  public static SparkSession local2() {
    return of("local[2]", Map.of());
  }

  public static SparkSession of(String master, Map<String, String> settings) {
    String wanted = master + new TreeMap<>(settings);
    if (!running.equals(wanted)) {
      SparkSession.getDefaultSession().foreach(Sparks::stop);
      running = wanted;
    }
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(master)
            .appName("tests")
            .config("spark.sql.shuffle.partitions", 2);
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  private static Object stop(SparkSession session) {
    session.stop();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    return session;
  }
}
