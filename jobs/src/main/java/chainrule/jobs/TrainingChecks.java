package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.JobSettings;
import java.util.List;

/** Checks of a configuration before Spark starts, so that a typing error costs no waiting. */
final class TrainingChecks {
  private TrainingChecks() {}

  /** Checks everything that a training with this configuration needs. */
  static void all(Configuration configuration) {
    settings(configuration);
    var settings = new JobSettings(configuration);
    configuration.text("output.dir");
    configuration.flag("output.overwrite");
    settings.checkpoints();
    settings.keptCheckpoints();
    settings.resume();
    configuration.flag("output.tensorboard");
    configuration.flag("output.report");
    settings.serve();
    for (String part : List.of("data.validation", "data.test")) {
      if (configuration.has(part + ".path") && configuration.isGiven(part + ".fraction")) {
        throw configuration.invalid(part, "a fraction or a path, not both");
      }
    }
    for (String part : List.of("data.validation", "data.test")) {
      if (configuration.has(part + ".path")) {
        settings.source(part + ".path");
      }
    }
    if (configuration.has("data.test.fraction")) {
      settings.testFraction();
    }
    boolean refits = settings.training().refit().orElse(false);
    if (configuration.has("data.validation.path") && refits) {
      throw configuration.invalid(
          "training.refit",
          "false or auto: with data.validation.path all rows of data.train are training rows");
    }
  }

  /** Checks the settings of data, network and training. */
  static void settings(Configuration configuration) {
    var settings = new JobSettings(configuration);
    settings.training();
    settings.policy();
    settings.columns();
    settings.source("data.train");
    settings.engine();
    settings.kernels();
    configuration.textOrEmpty("network.initial-weights");
  }
}
