package chainrule.jobs.output;

import chainrule.data.Block;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.jobs.report.Evidence;
import chainrule.jobs.report.ImportancePlan;
import chainrule.jobs.report.RunFiles;
import chainrule.jobs.report.TrainingPage;
import chainrule.math.KernelChoice;
import chainrule.model.PermutationImportance;
import chainrule.spark.DistributedImportance;
import chainrule.spark.ShardedTable;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the report of a run, after everything else. The report uses a sample of the test rows;
 * without test rows, of the validation rows; without these, of the training rows. A run is useful
 * without its report, so a failure is only logged as a warning.
 *
 * <p>The report is a function of the rows, the model and the seed.
 */
public final class ReportWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ReportWriter.class);

  public static final String FILE = "report.html";

  private static final int MOST_ROWS = 10_000;
  private static final int FEWEST_ROWS = 500;

  /** Values of the sample that the driver collects: 64 MB. */
  private static final double MOST_VALUES = 8e6;

  /** Multiplications to predict the sample: one or two seconds of one core. */
  private static final double MOST_PRODUCTS = 2e10;

  private final OutputFolder output;
  private final SparkSession session;
  private final String kernels;

  /**
   * Makes a writer of report.html.
   *
   * @param output the folder to write to
   * @param kernels name of the matrix kernels that predict the rows of the report
   */
  public ReportWriter(OutputFolder output, SparkSession session, String kernels) {
    this.output = output;
    this.session = session;
    this.kernels = kernels;
  }

  /**
   * Writes the report.
   *
   * @param table the training table
   * @param test the test table, if there is one
   */
  public void write(
      Trainer.Outcome outcome, ShardedTable table, Optional<ShardedTable> test, long seed) {
    try {
      output.delete(FILE); // a report of an earlier run must not stay
      output.write(FILE, TrainingPage.html(evidence(outcome, table, test, seed)));
      LOG.info("Wrote the report {}", output.path(FILE));
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.warn(
          "Cannot write {}, but all other files are written: {}", output.path(FILE), e.toString());
      LOG.debug("Cause", e);
    }
  }

  private Evidence evidence(
      Trainer.Outcome outcome, ShardedTable table, Optional<ShardedTable> test, long seed) {
    TrainedModel model = outcome.model();
    int most = sampleSize(model);
    boolean validated = outcome.report().validationRows() > 0;
    String part = test.isEmpty() ? (validated ? "validation" : "train") : "test";
    List<RawRow> rows =
        switch (part) {
          case "test" ->
              test.orElseThrow()
                  .sample(Placement.withoutValidation(seed), Block.Part.TRAINING, most);
          case "validation" ->
              table.sample(
                  table.summary(seed).placement(seed, outcome.report().plan().validationFraction()),
                  Block.Part.VALIDATION,
                  most);
          default -> table.sample(Placement.withoutValidation(seed), Block.Part.TRAINING, most);
        };
    RunFiles run =
        RunReader.read(
            output.toString(),
            new Path(output.toString()),
            session.sparkContext().hadoopConfiguration());
    return new Evidence(
        run,
        model,
        outcome.report().statistics(),
        part,
        run.metrics().at("/rows/" + part).asLong(rows.size()),
        rows,
        importance(model, rows, seed),
        KernelChoice.named(KernelChoice.resolve(kernels)));
  }

  private static int sampleSize(TrainedModel model) {
    int features = model.schema().features().size();
    double affordable =
        Math.min(
            MOST_VALUES / features, MOST_PRODUCTS / (model.network().parameterCount() + features));
    return (int) Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, affordable));
  }

  private Evidence.Importance importance(TrainedModel model, List<RawRow> rows, long seed) {
    var plan = ImportancePlan.of(model.schema(), rows, model.network().parameterCount());
    List<PermutationImportance.Rise> rises =
        rows.isEmpty()
            ? List.of()
            : DistributedImportance.rises(
                JavaSparkContext.fromSparkContext(session.sparkContext()),
                model,
                rows.subList(0, plan.rows()),
                plan.columns(),
                plan.repeats(),
                seed,
                kernels);
    return new Evidence.Importance(rises, plan.rows(), plan.repeats(), plan.leftOut());
  }
}
