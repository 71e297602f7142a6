package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.spark.Sparks;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ChainruleRegressorTest {
  private static final List<Tables.Example> EXAMPLES = Tables.numbers(500);

  @TempDir private Path folder;

  private static ChainruleRegressor quick() {
    return new ChainruleRegressor()
        .setHiddenLayers(new int[] {16})
        .setEnsembleSize(2)
        .setStepSize(0.02)
        .setMaxIter(30)
        .setBlas("java");
  }

  private static Dataset<Row> table() {
    return Tables.of(EXAMPLES);
  }

  @Test
  void predictsInTheLabelsUnit() {
    ChainruleRegressionModel model = quick().fit(table());
    Dataset<Row> transformed = model.transform(table());
    assertThat(transformed.columns())
        .containsExactly("features", "label", "weight", "held", "prediction");
    assertThat(new RegressionEvaluator().setMetricName("r2").evaluate(transformed))
        .isGreaterThan(0.95);
    assertThat(new RegressionEvaluator().evaluate(transformed))
        .isCloseTo(model.summary().trainingMetrics().get("rmse"), within(1e-3));
    for (Row row : transformed.takeAsList(20)) {
      Vector features = row.getAs("features");
      assertThat((double) row.getAs("prediction")).isCloseTo(model.predict(features), within(1e-2));
    }
    assertThat(model.numFeatures()).isEqualTo(2);
    assertThat(model.setPredictionCol("").transform(table()).columns()).endsWith("held");
  }

  @Test
  void isTunedByAValidationSplit() {
    ChainruleRegressor regressor = quick().setMaxIter(5);
    var split =
        new TrainValidationSplit()
            .setEstimator(regressor)
            .setEvaluator(new RegressionEvaluator())
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(regressor.stepSize(), new double[] {0.01, 0.02, 0.05})
                    .build())
            .setParallelism(2);
    assertThat(split.fit(table()).validationMetrics()).hasSize(3);
  }

  @Test
  void isSavedAndLoaded() throws Exception {
    Sparks.local2(); // what is saved first needs no table, but a session
    ChainruleRegressor regressor = quick().setMaxIter(2).setSeed(7);
    regressor.save(folder.resolve("estimator").toString());
    ChainruleRegressor loaded = ChainruleRegressor.load(folder.resolve("estimator").toString());
    assertThat(loaded.getSeed()).isEqualTo(7);
    assertThat(loaded.copy(ParamMap.empty()).getMaxIter()).isEqualTo(2);
    ChainruleRegressionModel model = regressor.fit(table());
    model.save(folder.resolve("model").toString());
    ChainruleRegressionModel read =
        ChainruleRegressionModel.load(folder.resolve("model").toString());
    assertThat(read.hasSummary()).isFalse();
    assertThat(read.transform(table()).select("prediction").collectAsList())
        .isEqualTo(model.transform(table()).select("prediction").collectAsList());
    assertThat(read.copy(ParamMap.empty()).uid()).isEqualTo(model.uid());
    assertThatThrownBy(() -> ChainruleClassificationModel.load(folder.resolve("model").toString()))
        .hasMessageContaining("ChainruleRegressionModel");
  }
}
