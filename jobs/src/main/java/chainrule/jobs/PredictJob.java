package chainrule.jobs;

import chainrule.spark.Predictor;
import chainrule.spark.TableReader;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** The command {@code predict}: rows in, the same rows with predictions out. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = "Adds predictions of the network in output.dir to the rows of predict.input.",
    footer = {
      "",
      "Example: scripts/chainrule predict conf/penguins.conf \\",
      "           predict.input=new.csv predict.output=out/predictions predict.format=csv"
    })
public final class PredictJob extends Job {
  private static final List<String> FORMATS = List.of("parquet", "csv");

  public static void main(String[] args) {
    main(new PredictJob(), args);
  }

  @Override
  void check(Configuration configuration) {
    configuration.text("output.dir");
    new JobSettings(configuration).source("predict.input");
    configuration.text("predict.output");
    if (!FORMATS.contains(configuration.text("predict.format"))) {
      throw configuration.invalid("predict.format", "parquet or csv");
    }
  }

  @Override
  void run(Configuration configuration, SparkSession session) {
    var settings = new JobSettings(configuration);
    var model = EvaluateJob.read(EvaluateJob.trained(configuration, session));
    var reader = new TableReader(session, "predict.input", settings.source("predict.input"));
    String output = configuration.text("predict.output");
    boolean overwrite = configuration.flag("output.overwrite");
    requireFree(output, "predict.output", overwrite, session);
    Dataset<Row> predicted = new Predictor(model, settings.kernels()).predict(reader);
    try {
      predicted
          .write()
          .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
          .format(configuration.text("predict.format"))
          .option("header", true)
          .option("escape", "\"")
          .save(output);
    } catch (RuntimeException e) {
      throw reader.explain(e);
    }
    print("Predictions written to %s", output);
  }

  /** Throws if a folder that Spark is to write is there already and may not be replaced. */
  static void requireFree(String folder, String key, boolean overwrite, SparkSession session) {
    var path = new Path(folder);
    try {
      var system = path.getFileSystem(session.sparkContext().hadoopConfiguration());
      if (!overwrite && system.exists(path)) {
        throw new ConfigurationException(
            "Invalid "
                + key
                + ": "
                + folder
                + " is there already (must not exist unless"
                + " output.overwrite = true)");
      }
    } catch (IOException e) {
      throw new ConfigurationException("Cannot open " + folder + ": " + e.getMessage());
    }
  }
}
