package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.spark.cluster.JobWatch;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The common part of the commands that run on Spark: a configuration and the session. */
public abstract class SparkJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(SparkJob.class);

  /** The property with the file to which scripts/log4j2.properties writes the whole log. */
  private static final String LOG_FILE = "chainrule.log.file";

  /**
   * Reads the configuration from the command line.
   *
   * @throws ConfigurationException if the file or a key=value cannot be used
   */
  abstract Configuration configuration();

  /** Runs the command on Spark. */
  abstract void run(Configuration configuration, SparkSession session);

  /** Checks everything that can be checked before Spark starts. */
  void check(Configuration configuration) {}

  @Override
  public final Integer call() {
    Configuration configuration = configuration();
    check(configuration);
    String log = System.getProperty(LOG_FILE, "");
    if (!log.isEmpty()) {
      LOG.info("Writing Spark's log to {}", log);
    }
    work(configuration);
    return 0;
  }

  /** Starts Spark and runs the command. */
  void work(Configuration configuration) {
    SparkSession session = builder().getOrCreate();
    setSession(session);
    JobWatch.run(
        session.sparkContext(),
        () -> {
          run(configuration, session);
          return 0;
        });
  }

  /** Returns the builder of the session. */
  SparkSession.Builder builder() {
    return SparkSession.builder().appName("Chainrule " + name());
  }
}
