package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationKeys;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The common part of the commands that need a configuration file. */
public abstract class ConfiguredJob extends SparkJob {
  @Parameters(index = "0", paramLabel = "CONF", description = "the configuration file (HOCON)")
  private String file;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      completionCandidates = ConfigurationKeys.class,
      description = "overrides a key of the configuration, such as training.epochs=10")
  private List<String> overrides = new ArrayList<>();

  @Override
  final Configuration configuration() {
    return Configuration.load(file, overrides());
  }

  /** Returns the keys that the command line overrides, as key=value. */
  List<String> overrides() {
    return overrides;
  }
}
