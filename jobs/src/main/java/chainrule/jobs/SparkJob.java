package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationKeys;
import chainrule.spark.cluster.JobWatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Parameters;

/** What the commands share that run on Spark: a configuration, and the session. */
public abstract class SparkJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(SparkJob.class);

  /** Where scripts/log4j2.properties writes what it does not show. */
  private static final String LOG_FILE = "chainrule.log.file";

  @Parameters(index = "0", paramLabel = "CONF", description = "the configuration file (HOCON)")
  private String file;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      completionCandidates = ConfigurationKeys.class,
      description = "overrides a key of the configuration, such as training.epochs=10")
  private List<String> overrides = new ArrayList<>();

  /** Does the work. */
  abstract void run(Configuration configuration, SparkSession session);

  /** Checks what can be checked before Spark is started. */
  void check(Configuration configuration) {}

  @Override
  public final Integer call() {
    Configuration configuration = Configuration.load(file, overrides());
    check(configuration);
    String log = System.getProperty(LOG_FILE, "");
    if (!log.isEmpty()) {
      LOG.info("Spark's log goes to {}", log);
    }
    work(configuration);
    return 0;
  }

  /** Returns what the command line sets of the configuration. */
  List<String> overrides() {
    return overrides;
  }

  /** Starts Spark and does the work. */
  void work(Configuration configuration) {
    SparkSession session = builder().getOrCreate();
    hasBegun(session);
    JobWatch.run(
        session.sparkContext(),
        () -> {
          run(configuration, session);
          return 0;
        });
  }

  /** Returns what makes the session. */
  SparkSession.Builder builder() {
    return SparkSession.builder().appName("Chainrule " + name());
  }
}
