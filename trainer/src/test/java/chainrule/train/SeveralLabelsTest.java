package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.Task;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.train.settings.ClassWeights;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.sums.Metrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose label is a list of columns. */
class SeveralLabelsTest {
  private static final List<Column> FEATURES = List.of(Column.numeric("x"), Column.numeric("y"));

  private static final Schema NUMBERS =
      new Schema(FEATURES, List.of(Column.numeric("sum"), Column.numeric("difference")), "");

  private static final Schema CLASSES =
      new Schema(
          FEATURES,
          List.of(Column.categorical("right"), Column.numeric("above"), Column.categorical("xor")),
          "");

  private static TrainingSettings.Builder quick() {
    return TrainingSettings.builder()
        .network(Examples.hidden(8))
        .optimizer(new OptimizerSettings("adam", Setting.of(0.03), Map.of()))
        .epochs(Setting.of(30))
        .batchSize(Setting.of(32));
  }

  private static Trainer.Outcome train(TrainingSettings settings, Table table) {
    return new Trainer(settings, TrainingListener.NONE).train(table);
  }

  private static RawRow row(double[] numbers, double weight, Object... labels) {
    double[] labelNumbers = new double[labels.length];
    String[] texts = new String[labels.length];
    for (int i = 0; i < labels.length; i++) {
      boolean text = labels[i] instanceof String;
      labelNumbers[i] = text ? Double.NaN : ((Number) labels[i]).doubleValue();
      texts[i] = text ? (String) labels[i] : "";
    }
    return RawRow.withLabels(numbers, new String[0], labelNumbers, texts, weight);
  }

  /** sum = 100 + 10 (x + y), difference = x − y, with noise. */
  private static List<RawRow> numbers(int count) {
    var random = new RandomStream(21);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      double sum = 100 + 10 * (x + y) + random.nextGaussian();
      rows.add(row(new double[] {x, y}, 0.5 + random.nextInt(3), sum, x - y));
    }
    return rows;
  }

  /** right: x > 0, above: y > 0, xor: one of them. */
  private static List<RawRow> classes(int count) {
    var random = new RandomStream(22);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      rows.add(
          row(
              new double[] {x, y},
              1,
              x > 0 ? "yes" : "no",
              y > 0 ? 1 : 0,
              Boolean.toString(x > 0 != y > 0)));
    }
    return rows;
  }

  /** The same rows with one of the labels. */
  private static Table only(int label, Schema schema, List<RawRow> rows) {
    List<RawRow> single =
        rows.stream()
            .map(
                row ->
                    RawRow.withLabels(
                        IntStream.range(0, row.numberCount()).mapToDouble(row::number).toArray(),
                        new String[0],
                        new double[] {row.labelNumber(label)},
                        new String[] {row.labelText(label)},
                        row.weight()))
            .toList();
    return Examples.table(new Schema(FEATURES, schema.labels().get(label), ""), single);
  }

  @ParameterizedTest
  @CsvSource({"half-mse, sgd", "half-mse, adamw", "huber, momentum", "poisson, adam"})
  void aLinearNetworkOfTwoLabelsIsTwoNetworksOfOne(String loss, String optimizer) {
    List<RawRow> rows = new ArrayList<>();
    for (RawRow row : numbers(200)) { // counts for Poisson
      double other = Math.floor(2 + Math.abs(row.labelNumber(1)));
      rows.add(
          row(
              new double[] {row.number(0), row.number(1)},
              row.weight(),
              Math.floor(row.labelNumber(0) / 30),
              other));
    }
    // The whole table is a mini-batch, so that it doesn't matter where labels place their rows.
    TrainingSettings settings =
        quick()
            .task(Setting.of(Task.REGRESSION))
            .loss(Setting.of(loss))
            .network(Examples.hidden())
            .optimizer(new OptimizerSettings(optimizer, Setting.of(0.02), Map.of()))
            .batchSize(Setting.of(200))
            .validationFraction(Setting.of(0.0))
            .l2(0.01)
            .build();
    float[] both = linear(settings, Examples.table(NUMBERS, rows));
    for (int label = 0; label < 2; label++) {
      float[] alone = linear(settings, only(label, NUMBERS, rows));
      assertThat(both).hasSize(2 * alone.length);
      for (int i = 0; i < alone.length; i++) { // inputs × outputs, row-major, then the biases
        assertThat(both[2 * i + label])
            .as("%s of label %d", i, label)
            // 30 steps on sums of 200 rows in another order.
            .isCloseTo(alone[i], within(2e-5f * (1 + Math.abs(alone[i]))));
      }
    }
  }

  private static float[] linear(TrainingSettings settings, Table table) {
    return new Trainer(settings, TrainingListener.NONE)
        .startingFrom(network -> new float[network.parameterCount()])
        .train(table)
        .model()
        .parameters();
  }

  @Test
  void measuresEachLabelAsIfItWereAlone() {
    List<RawRow> rows = numbers(300);
    TrainingSettings settings = quick().network(Examples.hidden()).epochs(Setting.of(60)).build();
    Trainer.Outcome outcome = train(settings, Examples.table(NUMBERS, rows));
    Metrics metrics = outcome.report().training();
    assertThat(metrics.values().keySet()).containsExactly("loss", "rmse", "mae", "r2");
    assertThat(metrics.labels().keySet()).containsExactly("sum", "difference");
    // The deviations are 14 and 1.4, and the first has noise of deviation 1.
    assertThat(metrics.labels().get("sum").get("rmse")).isBetween(0.8, 3.0);
    assertThat(metrics.labels().get("difference").get("rmse")).isBetween(0.001, 0.2);
    for (String name : List.of("rmse", "mae", "r2")) {
      double mean =
          (metrics.labels().get("sum").get(name) + metrics.labels().get("difference").get(name))
              / 2;
      assertThat(metrics.get(name)).isCloseTo(mean, within(1e-12));
    }
    var several = (LabelEncoding.Several) outcome.model().encoder().label();
    for (int label = 0; label < 2; label++) {
      var alone = train(settings, only(label, NUMBERS, rows)).model().encoder().label();
      assertThat(several.each().get(label)).isEqualTo(alone);
    }
    assertThat(outcome.report().validation().labels()).hasSize(2);
    assertThat(outcome.report().history().get(0).validation().labels().get("sum").values())
        .containsOnlyKeys("rmse", "mae", "r2");
  }

  @Test
  void learnsLabelsOfTwoClassesEach() {
    Trainer.Outcome outcome =
        train(quick().epochs(Setting.of(60)).build(), Examples.table(CLASSES, classes(400)));
    assertThat(outcome.report().plan().task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(outcome.model().loss()).isEqualTo(new BinaryCrossEntropy(0.1));
    assertThat(outcome.model().network().outputs()).isEqualTo(3);
    var several = (LabelEncoding.Several) outcome.model().encoder().label();
    assertThat(several.each())
        .containsExactly(
            LabelEncoding.Classes.of(List.of("no", "yes"), false),
            LabelEncoding.Classes.of(List.of("0", "1"), true),
            LabelEncoding.Classes.of(List.of("false", "true"), false));
    Metrics metrics = outcome.report().validation();
    assertThat(metrics.labels().keySet()).containsExactly("right", "above", "xor");
    assertThat(metrics.get("subsetAccuracy")).isGreaterThan(0.75);
    assertThat(metrics.labels().get("xor").get("auc")).isGreaterThan(0.95);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void givesTheSameBitsForAnyThreadsAndOrderOfRows(int threads) {
    for (boolean ofClasses : new boolean[] {true, false}) {
      Schema schema = ofClasses ? CLASSES : NUMBERS;
      List<RawRow> rows = new ArrayList<>(ofClasses ? classes(150) : numbers(150));
      TrainingSettings settings = quick().epochs(Setting.of(5)).shards(Setting.of(8)).build();
      Trainer.Outcome expected =
          train(settings, new InMemoryTable(schema, rows, new JavaKernels(), 1));
      Collections.shuffle(rows, new Random(threads));
      Trainer.Outcome outcome =
          train(settings, new InMemoryTable(schema, rows, new JavaKernels(), threads));
      assertThat(outcome.model().parameters()).isEqualTo(expected.model().parameters());
      assertThat(outcome.report().fingerprint()).isEqualTo(expected.report().fingerprint());
      assertThat(outcome.report().training()).isEqualTo(expected.report().training());
      assertThat(outcome.report().validation()).isEqualTo(expected.report().validation());
    }
  }

  @Test
  void everyLabelIsPartOfTheFingerprintAndOfTheBits() {
    List<RawRow> rows = new ArrayList<>(numbers(60));
    TrainingSettings settings = quick().epochs(Setting.of(3)).build();
    Trainer.Outcome before = train(settings, Examples.table(NUMBERS, rows));
    RawRow changed = rows.get(5);
    rows.set(
        5,
        row(
            new double[] {changed.number(0), changed.number(1)},
            changed.weight(),
            changed.labelNumber(0),
            9));
    Trainer.Outcome after = train(settings, Examples.table(NUMBERS, rows));
    assertThat(after.report().fingerprint()).isNotEqualTo(before.report().fingerprint());
    assertThat(after.model().parameters()).isNotEqualTo(before.model().parameters());
  }

  @Test
  void stopsEarlyAndTakesAValidationTableOfItsOwn() {
    var held = new InMemoryTable(NUMBERS, numbers(40), new JavaKernels(), 1);
    TrainingSettings settings =
        quick()
            .patience(1)
            .minDelta(1e9)
            .validationFraction(Setting.of(0.0))
            .refit(Setting.of(false))
            .build();
    TrainingReport report =
        train(settings, Examples.table(NUMBERS, numbers(100)).withHeldOut(held)).report();
    assertThat(report.validation().rows()).isEqualTo(40);
    assertThat(report.epochs()).isEqualTo(2);
  }

  private static void assertRefused(Runnable training, String message) {
    assertThatThrownBy(training::run).isInstanceOf(InvalidDataException.class).hasMessage(message);
  }

  private static void assertRefused(TrainingSettings settings, Table table, String message) {
    assertRefused(() -> train(settings, table), message);
  }

  private static Table table(Column first, Column second, Object[]... labels) {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(row(new double[] {i, 1}, 1, labels[i]));
    }
    return Examples.table(new Schema(FEATURES, List.of(first, second), ""), rows);
  }

  @Test
  void refusesLabelsThatAreNotOfOneKind() {
    TrainingSettings settings = quick().build();
    Object[][] mixed = {{0, 0.5}, {1, 1.5}, {2, 2.5}};
    assertRefused(
        settings,
        table(Column.numeric("a"), Column.numeric("b"), mixed),
        "Invalid label: a has 3 classes, b has numbers (a list of labels must be all"
            + " numbers or all of two classes; set data.task = regression if all are numbers)");
    Object[][] many = {{0, "x"}, {1, "y"}, {0, "z"}};
    assertRefused(
        settings,
        table(Column.numeric("a"), Column.categorical("b"), many),
        "b: Invalid label: 3 classes (must have two in a list of labels)");
    Object[][] text = {{0.5, "x"}, {1, "y"}};
    assertRefused(
        settings,
        table(Column.numeric("a"), Column.categorical("b"), text),
        "Invalid label: b has 2 classes, a has numbers (a list of labels must be all"
            + " numbers or all of two classes)");
    assertRefused(
        quick().task(Setting.of(Task.REGRESSION)).build(),
        table(Column.numeric("a"), Column.categorical("b"), text),
        "b: Invalid label: texts such as \"x\" (must be numbers for a regression)");
    Object[][] constant = {{0, 1}, {1, 1}};
    assertRefused(
        settings,
        table(Column.numeric("a"), Column.numeric("b"), constant),
        "b: Invalid label: every row is \"1\" (must have two or more classes)");
    Object[][] negative = {{1, 2}, {2, -0.5}};
    assertRefused(
        quick().task(Setting.of(Task.REGRESSION)).loss(Setting.of("poisson")).build(),
        table(Column.numeric("a"), Column.numeric("b"), negative),
        "b: Invalid label: -0.5 (must be >= 0 for loss poisson)");
    assertThat(
            train(
                    quick().task(Setting.of(Task.REGRESSION)).build(),
                    table(Column.numeric("a"), Column.numeric("b"), mixed))
                .report()
                .plan()
                .task())
        .isEqualTo(Task.REGRESSION);
  }

  @Test
  void refusesSettingsOfASingleLabel() {
    Table table = Examples.table(CLASSES, classes(50));
    assertRefused(
        quick().classWeights(ClassWeights.ofBalance()).build(),
        table,
        "Invalid class-weights: balanced (must be null for several labels, whose classes share a"
            + " row's weight)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(quick().loss(Setting.of("cross-entropy")).build(), table))
        .withMessage(
            "Invalid loss for classification of several labels: cross-entropy (must be one of"
                + " [binary-cross-entropy])");
  }

  @Test
  void namesTheLabelWhoseClassIsNotKnown() {
    Trainer.Outcome outcome =
        train(quick().epochs(Setting.of(1)).build(), Examples.table(CLASSES, classes(50)));
    Table unseen = Examples.table(CLASSES, List.of(row(new double[] {1, 1}, 1, "yes", 2, "true")));
    assertRefused(
        () -> Trainer.evaluate(outcome.model(), unseen, "test", new StepPlan(1, 32, 2, 1)),
        "above: Invalid label in the test table: \"2\", in 1 rows (must be one of the classes of"
            + " the training table: [0, 1])");
  }
}
