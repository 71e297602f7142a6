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
 * The weights that a training starts from, as {@code network.initial-weights} names them.
 *
 * @param path of their file
 */
record InitialWeights(String path, Safetensors file) {
  /**
   * Reads the file.
   *
   * @throws ConfigurationException if the file does not exist or is not a safetensors file
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

  /** Returns the number of ensemble members; 1 without an ensemble. */
  int members() {
    return ModelFile.members(file);
  }

  /**
   * Returns the parameters of a network.
   *
   * @throws ConfigurationException if the shapes of the weights are those of another network
   */
  float[] of(Network network) {
    try {
      return ModelFile.parameters(network, file);
    } catch (IllegalArgumentException e) {
      throw invalid(path, e);
    }
  }
}
