package chainrule.jobs;

import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.ConfigurationKeys;
import chainrule.jobs.output.OutputFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Parameters;

/** The common part of the commands that read a trained network. They need no Spark session. */
abstract class ModelCommand extends Job {
  @Parameters(
      index = "0",
      paramLabel = "OUT",
      description = "the output folder of a training, or its configuration file")
  private String out;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      completionCandidates = ConfigurationKeys.class,
      description = "overrides a key of the configuration, such as output.dir=out/second")
  private List<String> overrides = new ArrayList<>();

  /** Runs the command. */
  abstract void run(OutputFolder folder);

  @Override
  public final Integer call() {
    OutputFolder folder = new OutputFolder(path(), hadoop());
    if (!folder.has(SavedModel.NETWORK_FILE)) {
      throw new ConfigurationException(
          "Cannot read "
              + folder.path(SavedModel.NETWORK_FILE)
              + ": there is no such file ("
              + out
              + " must be the output folder of train, or its configuration file)");
    }
    run(folder);
    return 0;
  }

  private String path() {
    boolean isFile = !out.contains(":") && Files.isRegularFile(Path.of(out));
    if (isFile) {
      return chainrule.jobs.config.Configuration.load(out, overrides).text("output.dir");
    }
    if (!overrides.isEmpty()) {
      throw new ConfigurationException(
          "Invalid argument: \""
              + overrides.get(0)
              + "\" (must follow a configuration file, which "
              + out
              + " is not)");
    }
    return out;
  }

  /** Returns the settings of Hadoop's file systems, as Spark would use them. */
  static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }
}
