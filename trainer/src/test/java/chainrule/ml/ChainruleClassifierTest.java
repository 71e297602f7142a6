package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.Schema;
import chainrule.data.Task;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.spark.Sparks;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.util.MetadataUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class ChainruleClassifierTest {
  private static final List<Tables.Example> EXAMPLES = Tables.classes(400);

  @TempDir private Path folder;

  private static ChainruleClassifier quick() {
    return new ChainruleClassifier()
        .setHiddenLayers(new int[] {8})
        .setEnsembleSize(1)
        .setActivation("tanh")
        .setBatchSize(64)
        .setMaxIter(12)
        .setBlas("java");
  }

  private static Dataset<Row> table() {
    return Tables.of(EXAMPLES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "gang"})
  void trainsToTheBitsOfATrainingWithTheSameSettings(String engine) {
    ChainruleClassificationModel model =
        quick().setWeightCol("weight").setEngine(engine).setMaxIter(3).fit(table());
    TrainingSettings settings =
        TrainingSettings.builder()
            .task(Setting.of(Task.CLASSIFICATION))
            .network(
                new NetworkSettings(
                    List.of(8), Activation.TANH, Setting.auto(), Setting.auto(), Setting.auto()))
            .batchSize(Setting.of(64))
            .epochs(Setting.of(3))
            .build();
    var schema =
        new Schema(
            List.of(Column.numeric("a"), Column.numeric("b"), Column.numeric("c")),
            Column.numeric("y"),
            "w");
    var rows =
        new InMemoryTable(
            schema, EXAMPLES.stream().map(Tables.Example::raw).toList(), new JavaKernels(), 2);
    float[] expected =
        new Trainer(settings, TrainingListener.NONE).train(rows).model().parameters();
    assertThat(model.trained().parameters()).containsExactly(expected);
  }

  @Test
  void takesMllibsSolverWithItsParams() {
    var classifier =
        new ChainruleClassifier()
            .setHiddenLayers(new int[] {8})
            .setSolver("l-bfgs")
            .setMemory(5)
            .setTol(1e-3)
            .setBlas("java");
    ChainruleTrainingSummary summary = classifier.fit(table()).summary();
    assertThat(summary.trainingMetrics().get("accuracy")).isGreaterThan(0.85);
    int iterations = summary.totalIterations();
    assertThat(iterations).isEqualTo((int) summary.totalSteps()).isLessThan(200); // tol ends it
    assertThatThrownBy(() -> classifier.setStepSize(0.1).fit(table()))
        .hasMessageContaining("Invalid learning-rate for lbfgs: 0.1");
  }

  @Test
  void tellsTheClassesApartAndSaysHowItCameToIt() {
    ChainruleClassificationModel model = quick().setMaxIter(40).fit(table());
    var evaluator = new MulticlassClassificationEvaluator().setMetricName("accuracy");
    assertThat(evaluator.evaluate(model.transform(table()))).isGreaterThan(0.85);
    assertThat(model.numClasses()).isEqualTo(3);
    assertThat(model.numFeatures()).isEqualTo(3);
    assertThat(model.hasSummary()).isTrue();
    ChainruleTrainingSummary summary = model.summary();
    assertThat(summary.totalIterations()).isEqualTo(summary.history().size());
    assertThat(summary.history()).hasSizeGreaterThan(40); // the refit's behind the first 40
    assertThat(summary.objectiveHistory()[39]).isLessThan(summary.objectiveHistory()[0]);
    assertThat(summary.trainingMetrics().get("accuracy"))
        .isCloseTo(evaluator.evaluate(model.transform(table())), within(1e-12));
    assertThat(summary.validationMetrics().rows()).isEqualTo(60);
    assertThat(summary.totalSteps()).isPositive();
    assertThat(summary.trainSeconds()).isPositive();
    assertThat(summary.bestEpoch()).isBetween(1, 40);
  }

  @Test
  void transformsBlocksToWhatItPredictsOfOneVector() {
    ChainruleClassificationModel model = quick().fit(table());
    Dataset<Row> transformed = model.transform(table());
    assertThat(transformed.columns())
        .containsExactly(
            "features", "label", "weight", "held", "rawPrediction", "probability", "prediction");
    assertThat(MetadataUtils.getNumClasses(transformed.schema().apply("prediction")).get())
        .isEqualTo(3);
    for (Row row : transformed.collectAsList()) {
      Vector features = row.getAs("features");
      Vector probability = row.getAs("probability");
      assertThat(Arrays.stream(probability.toArray()).sum()).isCloseTo(1, within(1e-6));
      assertThat((double) row.getAs("prediction")).isEqualTo(model.predict(features));
      assertClose(row.getAs("rawPrediction"), model.predictRaw(features));
      assertClose(probability, model.predictProbability(features));
    }
  }

  private static void assertClose(Vector actual, Vector expected) {
    assertThat(actual.size()).isEqualTo(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.apply(i)).isCloseTo(expected.apply(i), within(1e-5));
    }
  }

  @Test
  void ofTwoClassesHasRawPredictionsOfBoth() {
    Dataset<Row> two = table().filter("label < 2");
    ChainruleClassificationModel model = quick().fit(two);
    assertThat(model.numClasses()).isEqualTo(2);
    Row row = model.transform(two).first();
    Vector raw = row.getAs("rawPrediction");
    Vector probability = row.getAs("probability");
    assertThat(raw.apply(0)).isEqualTo(-raw.apply(1));
    assertThat(probability.apply(1)).isCloseTo(1 / (1 + Math.exp(-raw.apply(1))), within(1e-6));
    assertThat(probability.apply(0)).isEqualTo(1 - probability.apply(1));
  }

  @Test
  void heedsThresholdsAndColumnsWithoutAName() {
    ChainruleClassificationModel model = quick().fit(table());
    Dataset<Row> all =
        model.copy(ParamMap.empty()).setThresholds(new double[] {1, 1e-9, 1}).transform(table());
    assertThat(all.filter("prediction = 1").count()).isEqualTo(EXAMPLES.size());
    Dataset<Row> some = model.copy(ParamMap.empty()).setRawPredictionCol("").transform(table());
    assertThat(some.columns()).endsWith("held", "probability", "prediction");
    Dataset<Row> none =
        model
            .copy(ParamMap.empty())
            .setRawPredictionCol("")
            .setProbabilityCol("")
            .setPredictionCol("")
            .transform(table());
    assertThat(none.columns()).endsWith("weight", "held");
  }

  @Test
  void takesTheNumberOfClassesFromTheLabelsMetadata() {
    Dataset<Row> table =
        new StringIndexer()
            .setInputCol("name")
            .setOutputCol("index")
            .fit(table().withColumn("name", functions.expr("concat('c', label)")))
            .transform(table().withColumn("name", functions.expr("concat('c', label)")))
            .filter("label < 2");
    ChainruleClassificationModel model = quick().setLabelCol("index").fit(table);
    assertThat(model.numClasses()).isEqualTo(3);
  }

  @Test
  void takesNominalElementsForCategories() {
    Dataset<Row> table =
        table().withColumn("town", functions.expr("if(label = 2, 'x', if(label = 1, 'y', 'z'))"));
    var indexer = new StringIndexer().setInputCol("town").setOutputCol("townIndex");
    var assembler =
        new VectorAssembler()
            .setInputCols(new String[] {"townIndex", "weight"})
            .setOutputCol("vector");
    PipelineModel model =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  indexer, assembler, quick().setFeaturesCol("vector").setStepSize(0.02)
                })
            .fit(table);
    var network = (ChainruleClassificationModel) model.stages()[2];
    assertThat(network.trained().encoder().categoricals()).hasSize(1);
    var evaluator = new MulticlassClassificationEvaluator().setMetricName("accuracy");
    assertThat(evaluator.evaluate(model.transform(table))).isGreaterThan(0.99);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "gang"})
  void isTunedWithSeveralFitsAtOnce(String engine) {
    ChainruleClassifier classifier = quick().setEngine(engine).setMaxIter(4);
    var validator =
        new CrossValidator()
            .setEstimator(classifier)
            .setEvaluator(new MulticlassClassificationEvaluator())
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(classifier.stepSize(), new double[] {1e-9, 0.02})
                    .build())
            .setNumFolds(2)
            .setParallelism(3);
    CrossValidatorModel model = validator.fit(table());
    assertThat(((ChainruleClassificationModel) model.bestModel()).getStepSize()).isEqualTo(0.02);
    assertThat(model.avgMetrics()[1]).isGreaterThan(model.avgMetrics()[0]);
  }

  @Test
  void isSavedAndLoadedWithItsParams() throws Exception {
    String path = folder.resolve("estimator").toString();
    ChainruleClassifier saved = quick().setStepSize(0.25).setThresholds(new double[] {1, 2, 3});
    saved.write().overwrite().save(path);
    ChainruleClassifier loaded = ChainruleClassifier.load(path);
    assertThat(loaded.uid()).isEqualTo(saved.uid());
    assertThat(withoutAddresses(loaded)).isEqualTo(withoutAddresses(saved));
    assertThat(loaded.getHiddenLayers()).containsExactly(8);
    assertThat(loaded.getStepSize()).isEqualTo(0.25);
    assertThat(loaded.isDefined(loaded.momentum())).isFalse();
  }

  @Test
  void aModelIsSavedAndLoadedAndPredictsTheSame() throws Exception {
    ChainruleClassificationModel saved =
        quick().setPredictionCol("guess").fit(table()).setThresholds(new double[] {1, 2, 3});
    String path = folder.resolve("model").toString();
    saved.save(path);
    assertThatThrownBy(() -> saved.save(path)).hasMessageContaining("already exists");
    saved.write().overwrite().save(path);
    ChainruleClassificationModel loaded = ChainruleClassificationModel.load(path);
    assertThat(loaded.uid()).isEqualTo(saved.uid());
    assertThat(loaded.hasSummary()).isFalse();
    assertThat(scores(loaded)).isEqualTo(scores(saved));
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {saved}).fit(table());
    pipeline.save(folder.resolve("pipeline").toString());
    assertThat(scores(PipelineModel.load(folder.resolve("pipeline").toString())))
        .isEqualTo(scores(saved));
  }

  private static String withoutAddresses(ChainruleClassifier classifier) {
    return classifier.explainParams().replaceAll("\\[[ID]@[0-9a-f]+", "array");
  }

  private static List<Row> scores(Transformer model) {
    return model.transform(table()).select("probability", "guess").collectAsList();
  }

  @Test
  void copiesKeepParamsAndPredictions() {
    ChainruleClassifier classifier = quick().setStepSize(0.5);
    ChainruleClassifier copy = classifier.copy(new ParamMap().put(classifier.batchSize(), 32));
    assertThat(copy.uid()).isEqualTo(classifier.uid());
    assertThat(copy.getStepSize()).isEqualTo(0.5);
    assertThat(copy.getBatchSize()).isEqualTo(32);
    assertThat(classifier.getBatchSize()).isEqualTo(64);
    ChainruleClassificationModel model = classifier.fit(table());
    assertThat(model.parent()).isSameAs(classifier);
    ChainruleClassificationModel copied = model.copy(ParamMap.empty());
    assertThat(copied.parent()).isSameAs(classifier);
    assertThat(copied.summary()).isSameAs(model.summary());
    Vector features = Vectors.dense(1, 2, 3);
    assertThat(copied.predictRaw(features)).isEqualTo(model.predictRaw(features));
  }

  @Test
  void everyParamIsExplainedAndItsOwn() {
    var classifier = new ChainruleClassifier("mine");
    assertThat(classifier.uid()).isEqualTo("mine");
    for (Param<?> param : classifier.params()) {
      assertThat(param.parent()).isEqualTo("mine");
      assertThat(param.doc()).hasSizeGreaterThan(10);
    }
    assertThat(classifier.explainParams())
        .contains(
            "maxIter: number of epochs, or of iterations of solver l-bfgs (> 0); unset:"
                + " round(1e6 / n), from 30 to 100; 100 with solver l-bfgs (undefined)\n")
        .contains("solver: optimizer; l-bfgs (or lbfgs) runs a line search over all rows")
        .contains(
            "(one of l-bfgs, sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw, lion, lbfgs)"
                + " (default: adamw)\n");
    assertThat(new ChainruleClassifier().uid()).startsWith("chainruleClassifier_");
  }

  @Test
  void refusesWhatCannotBe() {
    var classifier = new ChainruleClassifier();
    assertThatThrownBy(() -> classifier.setStepSize(0)).hasMessageContaining("stepSize");
    assertThatThrownBy(() -> classifier.setSolver("adan")).hasMessageContaining("solver");
    assertThatThrownBy(() -> classifier.setHiddenLayers(new int[] {0}))
        .hasMessageContaining("hiddenLayers");
    assertThatThrownBy(() -> quick().fit(table().withColumn("label", functions.lit(0.5))))
        .hasMessage(
            "label: Invalid label: 0.5 (must be a class: 0, 1, 2 …; StringIndexer makes them)");
    assertThatThrownBy(
            () -> quick().fit(table().withColumn("label", functions.expr("if(held, null, label)"))))
        .hasMessageContaining("label");
    assertThatThrownBy(() -> quick().setFeaturesCol("weight").fit(table()))
        .hasMessageContaining("weight");
    assertThatThrownBy(
            () ->
                quick()
                    .setWeightCol("negative")
                    .fit(table().withColumn("negative", functions.expr("weight - 1.5"))))
        .hasMessage("negative: Invalid value: -0.5 (must be >= 0 in every row, being its weight)");
    ChainruleClassificationModel model = quick().setMaxIter(1).fit(table());
    assertThatThrownBy(() -> model.predict(Vectors.dense(1, 2)))
        .hasMessage(
            "Invalid features: a vector of 2 elements (must have 3, as those the model was trained"
                + " on)");
  }

  @Test
  void holdsOutTheRowsThatAColumnMarks() {
    ChainruleClassificationModel model =
        quick().setValidationIndicatorCol("held").setMaxIter(3).fit(table());
    assertThat(model.summary().validationMetrics().rows()).isEqualTo(80);
    assertThat(model.summary().history()).hasSize(3);
  }

  @Test
  void scoresAStream() throws Exception {
    ChainruleClassificationModel model = quick().setMaxIter(2).fit(table());
    String path = folder.resolve("vectors").toString();
    table().repartition(3).write().parquet(path);
    var query =
        model
            .transform(Sparks.local2().readStream().schema(table().schema()).parquet(path))
            .select("prediction", "probability")
            .writeStream()
            .format("memory")
            .queryName("scored")
            .trigger(org.apache.spark.sql.streaming.Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    assertThat(Sparks.local2().table("scored").count()).isEqualTo(EXAMPLES.size());
  }

  @Test
  void threadsMayShareAModelForPrediction() {
    ChainruleClassificationModel model = quick().setMaxIter(2).fit(table());
    List<Vector> vectors = EXAMPLES.stream().map(Tables.Example::features).toList();
    List<Vector> alone = vectors.stream().map(model::predictRaw).toList();
    List<Vector> together =
        IntStream.range(0, 2000)
            .parallel()
            .mapToObj(i -> model.predictRaw(vectors.get(i % vectors.size())))
            .toList();
    assertThat(together)
        .isEqualTo(Stream.generate(() -> alone).limit(5).flatMap(List::stream).toList());
  }
}
