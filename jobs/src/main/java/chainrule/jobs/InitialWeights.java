package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.DataPaths;
import chainrule.jobs.output.OutputFolder;
import chainrule.model.ModelFile;
import chainrule.model.Safetensors;
import chainrule.nn.Network;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The weights that a configuration names to start from.
 *
 * @param path of their file
 */
record InitialWeights(String path, Safetensors file) {
  /**
   * Reads them.
   *
   * @throws ConfigurationException if the file is not there, or no safetensors file
   */
  static InitialWeights read(Configuration configuration, SparkSession session) {
    String path =
        DataPaths.resolve(configuration.text("network.initial-weights"), configuration.file());
    byte[] bytes = OutputFolder.read(new Path(path), session.sparkContext().hadoopConfiguration());
    try {
      return new InitialWeights(path, Safetensors.of(bytes));
    } catch (IllegalArgumentException e) {
      throw invalid(path, e);
    }
  }

  private static ConfigurationException invalid(String path, IllegalArgumentException e) {
    return new ConfigurationException("network.initial-weights: " + path + ": " + e.getMessage());
  }

  /** Returns of how many networks they are: more than one for an ensemble. */
  int members() {
    return ModelFile.members(file);
  }

  /**
   * Returns them as the parameters of a network.
   *
   * @throws ConfigurationException if they are another network's
   */
  float[] of(Network network) {
    try {
      return ModelFile.parameters(network, file);
    } catch (IllegalArgumentException e) {
      throw invalid(path, e);
    }
  }
}
