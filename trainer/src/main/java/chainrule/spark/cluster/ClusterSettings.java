package chainrule.spark.cluster;

import chainrule.math.Check;
import org.apache.spark.SparkConf;

/**
 * What a cluster's administrator may set for gangs, beside what Spark has for all its connections:
 * keys of Spark's configuration, since they say nothing of what is trained.
 *
 * @param driverHost where executors find the driver: {@code spark.driver.host}, if nothing else is
 *     set
 * @param bindAddress where the driver listens: {@code spark.driver.bindAddress}
 * @param driverPort on which port; 0: any
 * @param fanIn how many executors at most send their sums to one place
 * @param silenceSeconds after how long an executor that says nothing is given up
 * @param quietSeconds how long to wait for a further task since the last one came
 * @param slotsSeconds how long to wait for the first task, and for an executor when all are lost
 */
public record ClusterSettings(
    String driverHost,
    String bindAddress,
    int driverPort,
    int fanIn,
    int silenceSeconds,
    int quietSeconds,
    int slotsSeconds) {
  private static final String PREFIX = "spark.chainrule.";
  public static final String EXECUTOR_PORT = PREFIX + "executor.port";

  public ClusterSettings {
    Check.argument(fanIn > 1, PREFIX + "fanIn", fanIn, "> 1");
    Check.argument(silenceSeconds > 1, PREFIX + "silenceSeconds", silenceSeconds, "> 1");
    Check.argument(quietSeconds > 0, PREFIX + "quietSeconds", quietSeconds, "> 0");
    Check.argument(slotsSeconds > 0, PREFIX + "slotsSeconds", slotsSeconds, "> 0");
  }

  /** Reads the settings from Spark's configuration, with defaults for those that are not set. */
  public static ClusterSettings of(SparkConf conf) {
    String host = conf.get("spark.driver.host", "localhost");
    boolean grows = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    return new ClusterSettings(
        conf.get(PREFIX + "driver.host", host),
        conf.get("spark.driver.bindAddress", host),
        conf.getInt(PREFIX + "driver.port", 0),
        conf.getInt(PREFIX + "fanIn", 8),
        conf.getInt(PREFIX + "silenceSeconds", 30),
        // New executors take their time to come.
        conf.getInt(PREFIX + "quietSeconds", grows ? 10 : 5),
        conf.getInt(PREFIX + "slotsSeconds", 60));
  }
}
