package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.model.RowScorer;
import chainrule.nn.Activation;
import chainrule.nn.Embedding;
import chainrule.nn.Initializer;
import chainrule.nn.Network;
import chainrule.nn.SoftmaxCrossEntropy;
import chainrule.spark.Sparks;
import chainrule.train.TrainedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TabularEncoderTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("age", DataTypes.DoubleType)
          .add("town", DataTypes.StringType)
          .add("size", DataTypes.IntegerType)
          .add("owner", DataTypes.BooleanType)
          .add("label", DataTypes.DoubleType);

  @TempDir private Path folder;

  private static Dataset<Row> table(Row... rows) {
    return Sparks.local2().createDataFrame(List.of(rows), SCHEMA);
  }

  private static Dataset<Row> four() {
    return table(
        RowFactory.create(1.0, "x", 10, true, 0.0),
        RowFactory.create(3.0, null, null, false, 1.0),
        RowFactory.create(1.0, "x", 30, true, 0.0),
        RowFactory.create(3.0, "y", 20, null, 1.0));
  }

  private static TabularEncoder encoder() {
    return new TabularEncoder().setExcludedCols(new String[] {"label"}).setNumberEncoding("plain");
  }

  private static Vector first(TabularEncoderModel model, Dataset<Row> table) {
    return model.transform(table).first().getAs("features");
  }

  // age: mean 2, deviation 1; size: median 20, deviation √50. Towns x, missing, y; owners true,
  // then by code point missing before false.
  @Test
  void encodesWhatIsComputedByHand() {
    TabularEncoderModel model = encoder().fit(four());
    assertThat(model.numInputs()).isEqualTo(2 + 1 + 3 + 3);
    double clipped = 1 / Math.sqrt(1 + 0.04);
    double[] encoded = first(model, four()).toArray();
    assertThat(encoded[0]).isCloseTo(-clipped, within(1e-6));
    double z = -10 / Math.sqrt(50);
    assertThat(encoded[1]).isCloseTo(z / Math.sqrt(1 + z * z / 25), within(1e-6));
    assertThat(Arrays.copyOfRange(encoded, 2, 9)).containsExactly(0, 1, 0, 0, 1, 0, 0);
    Vector unseen = first(model, table(RowFactory.create(null, "z", null, false, null)));
    assertThat(unseen.toArray()).containsExactly(0, 0, 1, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void namesItsInputs() {
    Dataset<Row> transformed = encoder().fit(four()).transform(four());
    var group = AttributeGroup.fromStructField(transformed.schema().apply("features"));
    assertThat(
            Arrays.stream(group.attributes().get())
                .map(attribute -> attribute.name().get())
                .toList())
        .containsExactly(
            "age",
            "size",
            "size_missing",
            "town_x",
            "town_",
            "town_y",
            "owner_true",
            "owner_",
            "owner_false");
  }

  @Test
  void encodesNumbersPiecewiseByItself() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(RowFactory.create((double) i, "x", i % 4 / 3, true, 0.0));
    }
    Dataset<Row> table = Sparks.local2().createDataFrame(rows, SCHEMA);
    TabularEncoderModel model =
        new TabularEncoder().setInputCols(new String[] {"age", "size"}).fit(table);
    assertThat(model.numInputs()).isEqualTo(2 + 6); // of 100 rows 6 bins; size has two values
  }

  @Test
  void worksInAPipelineWithoutBeingEncodedTwice() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String town = i % 3 == 0 ? "x" : "y";
      rows.add(RowFactory.create(i % 7 * 1.0, town, i % 5, i % 2 == 0, i % 3 == 0 ? 1.0 : 0.0));
    }
    Dataset<Row> table = Sparks.local2().createDataFrame(rows, SCHEMA).repartition(3);
    var pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  encoder(),
                  new ChainruleClassifier()
                      .setHiddenLayers(new int[] {4})
                      .setStepSize(0.05)
                      .setMaxIter(10)
                });
    PipelineModel model = pipeline.fit(table);
    var network = (ChainruleClassificationModel) model.stages()[1];
    assertThat(network.trained().encoder().numerics())
        .allSatisfy(
            number -> {
              assertThat(number.mean()).isZero();
              assertThat(number.piecewise().inputs()).isZero();
            });
    assertThat(model.transform(table).filter("prediction = label").count()).isEqualTo(300);
    String path = folder.resolve("pipeline").toString();
    model.save(path);
    pipeline.save(folder.resolve("estimators").toString());
    assertThat(Pipeline.load(folder.resolve("estimators").toString()).getStages()).hasSize(2);
    assertThat(PipelineModel.load(path).transform(table).select("probability").collectAsList())
        .isEqualTo(model.transform(table).select("probability").collectAsList());
  }

  private static Dataset<Row> towns() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int town = i % 40;
      double label = town % 3 == 0 ? 1.0 : 0.0;
      rows.add(RowFactory.create(i % 7 * 1.0, "t" + town, i % 5, i % 2 == 0, label));
    }
    rows.add(RowFactory.create(1.0, "once", 3, true, 1.0));
    return Sparks.local2().createDataFrame(rows, SCHEMA).repartition(3);
  }

  @Test
  void givesColumnsOfManyNamesAnIndexThatTheEstimatorEmbeds() throws Exception {
    var pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  encoder().setEmbedAbove(39),
                  new ChainruleClassifier()
                      .setHiddenLayers(new int[] {8, 8})
                      .setEmbeddingSize(4)
                      .setLayerNorm(true)
                      .setResidual(true)
                      .setStepSize(0.02)
                      .setMaxIter(20)
                });
    PipelineModel model = pipeline.fit(towns());
    Dataset<Row> scored = model.transform(towns());
    var group = AttributeGroup.fromStructField(scored.schema().apply("features"));
    assertThat(group.getAttr(4))
        .isEqualTo(NominalAttribute.defaultAttr().withName("town").withNumValues(41).withIndex(4));
    var network = ((ChainruleClassificationModel) model.stages()[1]).trained();
    assertThat(network.network().embedding().orElseThrow().size()).isEqualTo(4);
    assertThat(network.encoder().categoricals()).hasSize(1);
    assertThat(scored.filter("prediction = label").count()).isGreaterThan(595);
    model.save(folder.resolve("embedded").toString());
    Dataset<Row> unseen = table(RowFactory.create(1.0, "elsewhere", 2, true, 0.0));
    PipelineModel loaded = PipelineModel.load(folder.resolve("embedded").toString());
    for (Dataset<Row> table : List.of(towns(), unseen)) {
      assertThat(loaded.transform(table).select("probability").collectAsList())
          .isEqualTo(model.transform(table).select("probability").collectAsList());
    }
  }

  @Test
  void thePipelineOfATrainedModelLooksIndicesUp() {
    var schema =
        new Schema(
            List.of(Column.numeric("age"), Column.categorical("town")),
            Column.categorical("species"),
            "");
    var encoder =
        new Encoder(
            List.of(new Encoder.Numeric("age", 1, 2, 1, false, true)),
            List.of(new Encoder.Categorical("town", List.of("x", "y"), true)),
            LabelEncoding.Classes.of(List.of("a", "b", "c"), false));
    Network network =
        Network.perceptron(4, List.of(5), Activation.TANH, 0, 3, Activation.IDENTITY)
            .behind(new Embedding(1, List.of(3), 3));
    float[] parameters = network.initialParameters(Initializer.HE, 1);
    Arrays.fill(parameters, 6, 9, 0.5f); // so that unseen towns differ from nothing
    var trained =
        new TrainedModel(schema, encoder, network, new SoftmaxCrossEntropy(0), parameters);
    var scorer = new RowScorer(trained, new JavaKernels());
    PipelineModel pipeline = TabularPipeline.of(trained);
    assertThat(TabularPipeline.trained(pipeline).parameters()).containsExactly(parameters);
    Dataset<Row> table =
        table(
            RowFactory.create(1.0, "x", 0, true, 0.0),
            RowFactory.create(3.0, "y", 0, true, 0.0),
            RowFactory.create(null, "z", 0, true, 0.0),
            RowFactory.create(4.0, null, 0, true, 0.0));
    for (Row row : pipeline.transform(table).collectAsList()) {
      Map<String, Object> features = new HashMap<>();
      features.put("age", row.getAs("age"));
      features.put("town", row.getAs("town"));
      var expected = scorer.predict(features);
      assertThat(row.<String>getAs("predictedLabel")).isEqualTo(expected.label());
      assertThat(((Vector) row.getAs("probability")).toArray()[1])
          .isCloseTo(expected.probabilities().get("b"), within(1e-6));
    }
  }

  @Test
  void refusesWhatCannotBeEncoded() {
    assertThatThrownBy(() -> encoder().setInputCols(new String[] {"aeg"}).fit(four()))
        .hasMessage("Invalid column: \"aeg\" (must be one of [age, town, size, owner, label])");
    assertThatThrownBy(() -> encoder().setOutputCol("age").fit(four()))
        .hasMessage("Invalid outputCol: \"age\" (must not be a column of the table already)");
    assertThatThrownBy(() -> encoder().setCategoricalCols(new String[] {"label"}).fit(four()))
        .hasMessageStartingWith("categoricalCols: Invalid column: \"label\"");
    TabularEncoderModel model = encoder().fit(four());
    assertThatThrownBy(() -> model.transform(four().selectExpr("'1' as age", "town")))
        .hasMessage("age: Invalid numeric column: its type is string (must be a number)");
    assertThatThrownBy(() -> encoder().fit(four().selectExpr("array(age) as ages")))
        .hasMessageStartingWith("ages: Invalid column type: array<double>");
    assertThatThrownBy(() -> encoder().fit(four().selectExpr("1e200 as age")))
        .hasRootCauseMessage("age: Invalid value: 1.0E200 (must be finite and within ±1e150)");
  }
}
