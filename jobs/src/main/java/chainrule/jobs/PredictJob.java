package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.output.Console;
import chainrule.spark.Predictor;
import chainrule.spark.cluster.JobWatch;
import chainrule.spark.read.TableReader;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** The command {@code predict}: copies rows of a table and adds predictions. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description =
        "Reads the rows of predict.input, adds the predictions of the network in output.dir, and"
            + " writes them.",
    footer = {
      "",
      "Example: scripts/chainrule predict conf/penguins.conf \\",
      "           predict.input=new.csv predict.output=out/predictions predict.format=csv"
    })
public final class PredictJob extends ConfiguredJob {
  private static final Logger LOG = LoggerFactory.getLogger(PredictJob.class);

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
    var model = SavedModel.read(SavedModel.folder(configuration, session));
    var reader = new TableReader(session, "predict.input", settings.source("predict.input"));
    String output = configuration.text("predict.output");
    boolean overwrite = configuration.flag("output.overwrite");
    requireFree(output, "predict.output", overwrite, session);
    requireApart(reader, output, session);
    Dataset<Row> predicted = new Predictor(model, settings.kernels()).predict(reader);
    try {
      var writer =
          predicted
              .write()
              .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
              .format(configuration.text("predict.format"))
              .option("header", true)
              .option("escape", "\"");
      JobWatch.run(
          session.sparkContext(),
          () -> {
            writer.save(output);
            return true;
          });
    } catch (Exception e) { // Spark throws a checked exception that save does not declare
      removeUnfinished(output, session);
      var problem = reader.explain(e);
      if (problem.isPresent()) {
        throw problem.get();
      }
      throw e;
    }
    Console.print("Predictions written to %s", output);
  }

  /** Removes the files of a failed job: the next job would refuse to replace them. */
  private static void removeUnfinished(String output, SparkSession session) {
    var path = new Path(output);
    try {
      var system = path.getFileSystem(session.sparkContext().hadoopConfiguration());
      if (!system.exists(new Path(path, "_SUCCESS"))) {
        system.delete(path, true);
      }
    } catch (IOException e) {
      LOG.warn("Cannot remove the unfinished {}: {}", output, e.getMessage());
    }
  }

  /** Throws if the output folder holds input files, which writing would delete. */
  private static void requireApart(TableReader reader, String output, SparkSession session) {
    var path = new Path(output);
    try {
      var system = path.getFileSystem(session.sparkContext().hadoopConfiguration());
      String folder = system.makeQualified(path).toUri().toString();
      for (String file : reader.files()) {
        if (file.equals(folder) || file.startsWith(folder + "/")) {
          throw new ConfigurationException(
              "Invalid predict.output: "
                  + output
                  + " contains files of predict.input (must be another folder)");
        }
      }
    } catch (IOException e) {
      throw new ConfigurationException("Cannot open " + output + ": " + e.getMessage());
    }
  }

  /**
   * Throws if the output folder exists and must not be replaced. Even with {@code
   * output.overwrite}, only folders that Spark wrote are replaced.
   */
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
                + " exists already (must not exist unless output.overwrite = true)");
      }
      boolean replaceable =
          !system.exists(path)
              || system.exists(new Path(path, "_SUCCESS"))
              || (system.getFileStatus(path).isDirectory() && system.listStatus(path).length == 0);
      if (!replaceable) {
        throw new ConfigurationException(
            "Invalid "
                + key
                + ": "
                + folder
                + " exists already and has no file _SUCCESS, so Spark did not write it (must be an"
                + " earlier output, which is replaced)");
      }
    } catch (IOException e) {
      throw new ConfigurationException("Cannot open " + folder + ": " + e.getMessage());
    }
  }
}
