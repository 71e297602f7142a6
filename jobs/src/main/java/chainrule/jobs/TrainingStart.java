package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.TrainingSettings;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The settings and initial weights of a training, before its table is known.
 *
 * @param settings of the configuration; initial weights determine the size of the ensemble
 * @param weights initial weights, if the configuration names a file; otherwise they are random
 */
record TrainingStart(TrainingSettings settings, Optional<InitialWeights> weights) {
  /**
   * Reads the configuration and, if it names a file of weights, the weights.
   *
   * @throws ConfigurationException if the file of weights does not exist
   */
  static TrainingStart of(Configuration configuration, SparkSession session) {
    var settings = new JobSettings(configuration);
    if (!configuration.has("network.initial-weights")) {
      return new TrainingStart(settings.training(), Optional.empty());
    }
    InitialWeights weights = InitialWeights.read(configuration, session);
    return new TrainingStart(
        settings.startingFrom(weights.members()).training(), Optional.of(weights));
  }

  /** Returns a trainer with these settings and initial weights. */
  Trainer trainer(TrainingListener listener) {
    var trainer = new Trainer(settings, listener);
    return weights.map(given -> trainer.startingFrom(given::of)).orElse(trainer);
  }
}
