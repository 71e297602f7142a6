package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.Task;
import chainrule.train.history.Faults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fits through the estimators, with checkpoints. */
@Timeout(180)
class CheckpointPathTest {
  private static final String TWO_LABELS =
      "array(cast(label > 1000 as double), cast(weight > 0 as double))";

  @TempDir private Path folder;

  private static <E extends ChainruleSetters<E>> E quick(E estimator) {
    estimator
        .setHiddenLayers(new int[] {4})
        .setBatchSize(64)
        .setValidationFraction(0.2)
        .setRefit(true)
        .setMaxIter(5)
        .setBlas("java");
    return estimator;
  }

  private static Dataset<Row> classes() {
    return Tables.of(Tables.classes(150));
  }

  private static Dataset<Row> numbers() {
    return Tables.of(Tables.numbers(150));
  }

  /**
   * Kills a fit after some epochs, runs it again, and compares with one that had no checkpoints.
   */
  private <M, E extends Estimator<?> & ChainruleSetters<E>> void survives(
      E estimator,
      Task task,
      Dataset<Row> table,
      int epochs,
      Function<Dataset<Row>, M> fit,
      Function<M, float[]> parameters,
      Function<M, Faults> faults)
      throws Exception {
    M undisturbed = fit.apply(table);
    String path = folder.resolve("some/where").toString();
    estimator.setCheckpointPath(path);
    assertThatThrownBy(
            () ->
                new EstimatorFit(estimator, "features", "label", task)
                    .train(table, Killed.after(epochs)))
        .isInstanceOf(Killed.class);
    assertThat(names(path)).hasSize(1);
    // As in another order of rows and partitions, which the folder's name doesn't depend on.
    M resumed = fit.apply(table.repartition(3));
    assertThat(parameters.apply(resumed)).isEqualTo(parameters.apply(undisturbed));
    assertThat(faults.apply(resumed).resumed()).hasSize(1);
    assertThat(faults.apply(undisturbed).resumed()).isEmpty();
    assertThat(names(path)).isEmpty();
  }

  private static List<String> names(String path) throws Exception {
    try (Stream<Path> files = Files.list(Path.of(path))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aClassifierGoesOnToTheSameWeights() throws Exception {
    ChainruleClassifier classifier = quick(new ChainruleClassifier());
    survives(
        classifier,
        Task.CLASSIFICATION,
        classes(),
        3,
        classifier::fit,
        model -> model.trained().parameters(),
        model -> model.summary().faults());
  }

  @Test
  void aRegressorGoesOnToTheSameWeightsWithinItsRefit() throws Exception {
    ChainruleRegressor regressor = quick(new ChainruleRegressor());
    survives(
        regressor,
        Task.REGRESSION,
        numbers(),
        6,
        regressor::fit,
        model -> model.trained().parameters(),
        model -> model.summary().faults());
  }

  @Test
  void aMultiLabelClassifierGoesOnToTheSameWeights() throws Exception {
    ChainruleMultiLabelClassifier classifier = quick(new ChainruleMultiLabelClassifier());
    survives(
        classifier,
        Task.CLASSIFICATION,
        numbers()
            .withColumn(
                "label", org.apache.spark.ml.functions.array_to_vector(functions.expr(TWO_LABELS))),
        3,
        classifier::fit,
        model -> model.trained().parameters(),
        model -> model.summary().faults());
  }

  @Test
  void manyFitsShareAPath() throws Exception {
    CrossValidatorModel without = crossValidated(quick(new ChainruleRegressor()));
    String path = folder.toString();
    CrossValidatorModel with =
        crossValidated(quick(new ChainruleRegressor()).setCheckpointPath(path));
    assertThat(with.avgMetrics()).isEqualTo(without.avgMetrics());
    assertThat(best(with).trained().parameters()).isEqualTo(best(without).trained().parameters());
    assertThat(best(with).getCheckpointPath()).isEqualTo(path);
    assertThat(names(path)).isEmpty();
  }

  private static ChainruleRegressionModel best(CrossValidatorModel model) {
    return (ChainruleRegressionModel) model.bestModel();
  }

  private static CrossValidatorModel crossValidated(ChainruleRegressor regressor) {
    regressor.setMaxIter(3).setRefit(false);
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(regressor.stepSize(), new double[] {0.01, 0.1}).build();
    return new CrossValidator()
        .setEstimator(regressor)
        .setEvaluator(new RegressionEvaluator())
        .setEstimatorParamMaps(grid)
        .setNumFolds(2)
        .setParallelism(2)
        .fit(numbers());
  }

  @Test
  void aPathThatCannotBeWrittenIsRefusedBeforeARowIsRead() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Dataset<Row> unread =
        numbers().withColumn("label", functions.expr("cast(raise_error('read') as double)"));
    ChainruleRegressor regressor = quick(new ChainruleRegressor());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> regressor.setCheckpointPath(file + "/inside").fit(unread))
        .withMessageStartingWith("Invalid checkpointPath: " + file + "/inside (must be a folder");
    // None are written, so none need be.
    assertThatThrownBy(() -> regressor.setCheckpointInterval(-1).fit(unread))
        .hasMessageContaining("read");
    assertThatThrownBy(() -> regressor.setCheckpointInterval(1).setCheckpointPath("").fit(unread))
        .hasMessageContaining("read");
  }

  @Test
  void theParamsAreSparksAndAreSaved() throws Exception {
    String path = folder.resolve("estimator").toString();
    numbers(); // what is saved first needs a session
    ChainruleRegressor regressor = new ChainruleRegressor();
    assertThat(regressor.isDefined(regressor.checkpointPath())).isFalse();
    assertThat(regressor.getCheckpointInterval()).isEqualTo(1);
    assertThatThrownBy(() -> regressor.setCheckpointInterval(0))
        .hasMessageContaining("checkpointInterval");
    assertThatThrownBy(() -> regressor.setCheckpointInterval(-2))
        .hasMessageContaining("checkpointInterval");
    regressor.setCheckpointPath("hdfs://host/checkpoints").setCheckpointInterval(-1).save(path);
    ChainruleRegressor loaded = ChainruleRegressor.load(path);
    assertThat(loaded.getCheckpointPath()).isEqualTo("hdfs://host/checkpoints");
    assertThat(loaded.getCheckpointInterval()).isEqualTo(-1);
    assertThat(loaded.explainParams())
        .contains(
            "checkpointPath: folder for checkpoints, in any Hadoop file system; a stopped fit"
                + " resumes")
        .contains("checkpointInterval: number of epochs from one checkpoint to the next");
  }
}
