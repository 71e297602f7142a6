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
 * What a configuration says of a training before its table is known.
 *
 * @param settings where nothing else is said, the weights settle some
 * @param weights to start from instead of random ones, if any are named
 */
record TrainingStart(TrainingSettings settings, Optional<InitialWeights> weights) {
  /**
   * Reads the weights, if any are named.
   *
   * @throws ConfigurationException if there is no file of weights where they should be
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

  /** Returns a trainer with these settings that starts from these weights. */
  Trainer trainer(TrainingListener listener) {
    var trainer = new Trainer(settings, listener);
    return weights.map(given -> trainer.startingFrom(given::of)).orElse(trainer);
  }
}
