package chainrule.spark.cluster;

import chainrule.math.Check;
import org.apache.spark.SparkConf;

/**
 * Settings of the gang engine that depend on the cluster. They are keys of Spark's configuration,
 * because an administrator sets them and they do not change what is trained.
 *
 * @param driverHost address at which executors connect to the driver; {@code spark.driver.host} by
 *     default
 * @param bindAddress address on which the driver listens: {@code spark.driver.bindAddress}
 * @param driverPort port on which the driver listens; 0 for any free one
 * @param fanIn maximum number of executors that send their sums to the same executor or driver
 * @param silenceSeconds time after which an executor that sends no message is considered lost
 * @param quietSeconds time to wait for another task after the last one registered
 * @param slotsSeconds time to wait for the first task, and for an executor when all are lost
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

  /** Reads the settings from Spark's configuration, with defaults for keys that are not set. */
  public static ClusterSettings of(SparkConf conf) {
    String host = conf.get("spark.driver.host", "localhost");
    boolean grows = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    return new ClusterSettings(
        conf.get(PREFIX + "driver.host", host),
        conf.get("spark.driver.bindAddress", host),
        conf.getInt(PREFIX + "driver.port", 0),
        conf.getInt(PREFIX + "fanIn", 8),
        conf.getInt(PREFIX + "silenceSeconds", 30),
        // Dynamic allocation takes seconds to start an executor.
        conf.getInt(PREFIX + "quietSeconds", grows ? 10 : 5),
        conf.getInt(PREFIX + "slotsSeconds", 60));
  }
}
