package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.spark.Sparks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.MultilabelClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ChainruleMultiLabelClassifierTest {
  @TempDir private Path folder;

  private static ChainruleMultiLabelClassifier quick() {
    return new ChainruleMultiLabelClassifier()
        .setHiddenLayers(new int[] {12})
        .setStepSize(0.02)
        .setMaxIter(25)
        .setBlas("java");
  }

  /** Rows of the other tests, with the labels "above 1000", "x0 > 0" and one that no row has. */
  private static Dataset<Row> table() {
    List<Row> rows = new ArrayList<>();
    for (Tables.Example example : Tables.numbers(400)) {
      double first = example.label() > 1000 ? 1 : 0;
      double second = example.features().apply(0) > 0 ? 1 : 0;
      Vector labels = Vectors.dense(first, second, 0);
      double[] present =
          IntStream.range(0, 2).filter(i -> labels.apply(i) == 1).asDoubleStream().toArray();
      rows.add(
          RowFactory.create(
              example.features(),
              rows.size() % 2 == 0 ? labels.toSparse() : labels,
              Arrays.stream(present).boxed().toArray(Double[]::new)));
    }
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", SQLDataTypes.VectorType())
            .add("present", DataTypes.createArrayType(DataTypes.DoubleType));
    return Sparks.local2().createDataFrame(rows, schema);
  }

  @Test
  void predictsWhichLabelsARowHas() throws Exception {
    Dataset<Row> table = table();
    ChainruleMultiLabelModel model = quick().fit(table);
    assertThat(model.numLabels()).isEqualTo(3);
    assertThat(model.numFeatures()).isEqualTo(2);
    assertThat(model.labels()).containsExactly("label[0]", "label[1]", "label[2]");
    Dataset<Row> transformed = model.transform(table);
    assertThat(transformed.schema()).isEqualTo(model.transformSchema(table.schema()));
    assertThat(transformed.columns())
        .containsExactly("features", "label", "present", "probability", "prediction");
    double subset =
        new MultilabelClassificationEvaluator()
            .setLabelCol("present")
            .setMetricName("subsetAccuracy")
            .evaluate(transformed);
    assertThat(subset)
        .isGreaterThan(0.85)
        .isCloseTo(model.summary().trainingMetrics().get("subsetAccuracy"), within(1e-9));
    AttributeGroup group =
        AttributeGroup.fromStructField(transformed.schema().apply("probability"));
    assertThat(group.getAttr("label[1]").index().get()).isEqualTo(1);
    for (Row row : transformed.takeAsList(20)) {
      Vector probability = row.getAs("probability");
      Vector one = model.predictProbability(row.getAs("features"));
      assertThat(one.apply(1)).isCloseTo(probability.apply(1), within(1e-5));
      List<Double> present = new ArrayList<>();
      for (double index : model.predict(row.getAs("features"))) {
        present.add(index);
      }
      assertThat(row.<Double>getList(row.fieldIndex("prediction"))).isEqualTo(present);
    }
    assertThat(model.copy(ParamMap.empty()).setPredictionCol("").transform(table).columns())
        .endsWith("probability");

    model.save(folder.resolve("model").toString());
    var read = ChainruleMultiLabelModel.load(folder.resolve("model").toString());
    assertThat(read.hasSummary()).isFalse();
    assertThat(read.uid()).isEqualTo(model.uid());
    assertThat(read.transform(table).select("probability", "prediction").collectAsList())
        .isEqualTo(transformed.select("probability", "prediction").collectAsList());
  }

  @Test
  void isAStageOfAPipelineAndSavedWithIt() throws Exception {
    ChainruleMultiLabelClassifier classifier =
        quick().setMaxIter(1).setProbabilityCol("p").setPredictionCol("indices");
    var pipeline = new Pipeline().setStages(new PipelineStage[] {classifier});
    pipeline.save(folder.resolve("pipeline").toString());
    Pipeline read = Pipeline.load(folder.resolve("pipeline").toString());
    PipelineModel model = read.fit(table());
    assertThat(model.transform(table()).columns()).endsWith("p", "indices");
    var loaded = (ChainruleMultiLabelClassifier) read.getStages()[0];
    assertThat(loaded.getMaxIter()).isEqualTo(1);
    assertThat(loaded.uid()).isEqualTo(classifier.uid());
  }

  @Test
  void refusesLabelsThatAreNoVectorsOfZerosAndOnes() {
    Dataset<Row> table = table();
    assertThatThrownBy(() -> quick().setLabelCol("present").fit(table))
        .hasMessage(
            "present: Invalid label: its type is array<double> (must be a vector with 1 or 0 for"
                + " each label)");
    assertThatThrownBy(() -> quick().setLabelCol("features").fit(table))
        .hasMessageStartingWith("features[0]: Invalid label in the training table: \"")
        .hasMessageEndingWith("(must be one of the classes of the training table: [0, 1])");
    assertThatThrownBy(() -> quick().setFeaturesCol("present").fit(table))
        .hasMessage(
            "present: Invalid features: their type is array<double> (must be a vector, such as"
                + " VectorAssembler makes)");
    assertThatThrownBy(() -> quick().setPredictionCol("label").fit(table))
        .hasMessage("Invalid predictionCol: \"label\" (must not be a column of the table already)");
    Dataset<Row> one =
        table.withColumn(
            "label", org.apache.spark.ml.functions.array_to_vector(functions.expr("array(1.0D)")));
    assertThatThrownBy(() -> quick().fit(one))
        .hasMessage(
            "label: Invalid label: vectors of 1 element (must have two or more; use"
                + " ChainruleClassifier for one label)");
  }
}
