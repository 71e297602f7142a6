package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.output.OutputFolder;
import chainrule.ml.TabularPipeline;
import chainrule.train.TrainedModel;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;

/** The files of a trained network in an output folder. */
final class SavedModel {
  /** The pipeline of Spark ML. */
  static final String PIPELINE_FOLDER = "model";

  /** The network with its encoder. */
  static final String NETWORK_FILE = "network.safetensors";

  /** The network for other runtimes; only {@code export} writes it. */
  static final String ONNX_FILE = "model.onnx";

  private SavedModel() {}

  /** Returns the output folder of a configuration. */
  static OutputFolder folder(Configuration configuration, SparkSession session) {
    return new OutputFolder(
        configuration.text("output.dir"), session.sparkContext().hadoopConfiguration());
  }

  /**
   * Reads the model that a training wrote.
   *
   * @throws ConfigurationException if the folder has no model, or the model cannot be read
   */
  static TrainedModel read(OutputFolder output) {
    Path folder = output.path(PIPELINE_FOLDER);
    if (!output.has(PIPELINE_FOLDER)) {
      throw new ConfigurationException("Cannot read " + folder + ": there is no such folder");
    }
    try {
      return TabularPipeline.trained(PipelineModel.load(folder.toString()));
    } catch (RuntimeException e) {
      throw new ConfigurationException("Cannot read " + folder + ": " + e.getMessage());
    }
  }
}
