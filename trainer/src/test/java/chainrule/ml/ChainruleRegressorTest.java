package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.spark.Sparks;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
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

  /** The table with another label: twice, and its distance from 1000. */
  private static Dataset<Row> ofTwoLabels(String sql) {
    Dataset<Row> table = table();
    return table.withColumn("label", functions.expr(sql));
  }

  @Test
  void predictsAVectorOfSeveralLabels() throws Exception {
    Dataset<Row> arrays = ofTwoLabels("array(label, cast(label - 1000 as float))");
    ChainruleRegressor regressor = quick().setWeightCol("weight");
    ChainruleRegressionModel model = regressor.fit(arrays);
    assertThat(model.numOutputs()).isEqualTo(2);
    assertThat(model.parent()).isSameAs(regressor);
    assertThat(model.summary().trainingMetrics().labels().keySet())
        .containsExactly("label[0]", "label[1]");
    assertThat(model.summary().trainingMetrics().labels().get("label[1]").get("r2"))
        .isGreaterThan(0.95);

    Dataset<Row> transformed = model.transform(arrays);
    assertThat(transformed.schema()).isEqualTo(model.transformSchema(arrays.schema()));
    assertThat(regressor.transformSchema(arrays.schema()).apply("prediction").dataType())
        .isEqualTo(SQLDataTypes.VectorType());
    AttributeGroup group = AttributeGroup.fromStructField(transformed.schema().apply("prediction"));
    assertThat(group.getAttr("label[1]").index().get()).isEqualTo(1);
    for (Row row : transformed.takeAsList(20)) {
      Vector prediction = row.getAs("prediction");
      assertThat(prediction.apply(0) - 1000).isCloseTo(prediction.apply(1), within(25.0));
      Vector one = model.predictVector(row.getAs("features"));
      assertThat(one.apply(0)).isCloseTo(prediction.apply(0), within(1e-2));
    }
    assertThatThrownBy(() -> model.predict(Vectors.dense(1, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot predict one number: the model has 2 outputs (use predictVector)");

    model.save(folder.resolve("model").toString());
    var read = ChainruleRegressionModel.load(folder.resolve("model").toString());
    assertThat(read.transform(arrays).select("prediction").collectAsList())
        .isEqualTo(transformed.select("prediction").collectAsList());

    // Vectors are the same labels, if they are the same numbers.
    Dataset<Row> vectors =
        new VectorAssembler()
            .setInputCols(new String[] {"first", "second"})
            .setOutputCol("both")
            .transform(
                table()
                    .withColumn("first", functions.expr("label"))
                    .withColumn("second", functions.expr("label - 1000")));
    Dataset<Row> same = ofTwoLabels("array(label, label - 1000)");
    ChainruleRegressor other = quick().setMaxIter(2).setLabelCol("both");
    ChainruleRegressionModel named = other.fit(vectors);
    assertThat(named.trained().parameters())
        .isEqualTo(quick().setMaxIter(2).fit(same).trained().parameters());
    assertThat(named.summary().trainingMetrics().labels().keySet())
        .containsExactly("first", "second");
    assertThat(named.trained().schema().labelNames()).containsExactly("first", "second");
  }

  @Test
  void anArrayOfOneLabelIsThatLabel() {
    Dataset<Row> one = ofTwoLabels("array(label)");
    ChainruleRegressionModel model = quick().setMaxIter(2).fit(one);
    assertThat(model.numOutputs()).isEqualTo(1);
    assertThat(model.trained().parameters())
        .isEqualTo(quick().setMaxIter(2).fit(table()).trained().parameters());
    assertThat(model.transform(one).schema().apply("prediction").dataType())
        .isEqualTo(DataTypes.DoubleType);
  }

  @Test
  void namesTheRowsLabelsThatCannotBeUsed() {
    assertThatThrownBy(
            () ->
                quick().fit(ofTwoLabels("if(label > 1010, array(label), array(label, label + 1))")))
        .hasMessageContaining("label: Invalid value: ")
        .hasMessageContaining(" elements in every row)");
    assertThatThrownBy(
            () ->
                quick()
                    .fit(ofTwoLabels("array(label, if(label > 1010, cast('NaN' as double), 1))")))
        .hasMessageContaining(
            "label[1]: Invalid value: NaN (must be a number in every row, finite and within"
                + " ±1e150)");
    assertThatThrownBy(() -> quick().fit(ofTwoLabels("cast(array() as array<double>)")))
        .hasMessageContaining(
            "label: Invalid label: none in the first row (must be there in every row)");
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
