package chainrule.spark.shim;

import chainrule.data.InvalidDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * The version of Spark and Scala that this jar was built for. Immutable.
 *
 * @param sparkLine line of Spark's versions, such as 4.1
 * @param scalaLine line of Scala's versions, such as 2.13
 */
public record SparkVersion(String sparkLine, String scalaLine) {
  private static final String RESOURCE = "/chainrule/spark.properties";
  private static final List<String> SUPPORTED =
      List.of("3.5_2.12", "3.5_2.13", "4.0_2.13", "4.1_2.13", "4.2_2.13");

  public SparkVersion {
    Objects.requireNonNull(sparkLine, "sparkLine");
    Objects.requireNonNull(scalaLine, "scalaLine");
  }

  /**
   * Throws unless the Spark that runs is of the line that this jar was built for. Call it before
   * anything of Spark is used: another line lacks methods that this jar calls.
   *
   * @throws InvalidDataException with both versions and the jar to use
   */
  public static void requireMatching() {
    mismatch(built(), runningSpark(), scala.util.Properties.versionNumberString())
        .ifPresent(
            message -> {
              throw new InvalidDataException(message);
            });
  }

  private static String runningSpark() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION();
  }

  private static SparkVersion built() {
    var properties = new Properties();
    try (InputStream in = SparkVersion.class.getResourceAsStream(RESOURCE)) {
      properties.load(Objects.requireNonNull(in, RESOURCE));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RESOURCE + ": " + e.getMessage(), e);
    }
    return new SparkVersion(properties.getProperty("spark"), properties.getProperty("scala"));
  }

  /** Returns why a jar cannot run on these versions, if it cannot. */
  static Optional<String> mismatch(SparkVersion built, String spark, String scala) {
    String running = line(spark) + "_" + line(scala);
    String own = built.sparkLine + "_" + built.scalaLine;
    if (running.equals(own)) {
      return Optional.empty();
    }
    String remedy =
        SUPPORTED.contains(running)
            ? "use " + jar(running)
            : "Chainrule supports Spark 3.5 with Scala 2.12 or 2.13, and 4.0 to 4.2 with Scala 2.13";
    return Optional.of(
        String.format(
            "Cannot run on Spark %s with Scala %s: %s was built for Spark %s with Scala %s (%s)",
            spark, scala, jar(own), built.sparkLine, built.scalaLine, remedy));
  }

  private static String jar(String lines) {
    return "chainrule-jobs_" + lines + ".jar";
  }

  /** Returns major and minor version: 4.1 of 4.1.0-SNAPSHOT. */
  private static String line(String version) {
    String[] parts = version.split("[.-]", 3);
    return parts.length > 1 ? parts[0] + "." + parts[1] : version;
  }
}
