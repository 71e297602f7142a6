package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.NumberEncoding;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.data.Task;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.HalfMse;
import chainrule.nn.Huber;
import chainrule.nn.Initializer;
import chainrule.nn.Mae;
import chainrule.nn.Poisson;
import chainrule.nn.SoftmaxCrossEntropy;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.ClassWeights;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.Metrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
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

  private static Trainer.Outcome train(Schema schema, List<RawRow> rows) {
    return train(quick().build(), Examples.table(schema, rows));
  }

  @Test
  void learnsExclusiveOr() {
    Trainer.Outcome outcome = train(Examples.CLASSES, Examples.xor(400));
    assertThat(outcome.report().training().get("accuracy")).isGreaterThan(0.95);
    assertThat(outcome.report().validation().get("auc")).isGreaterThan(0.95);
    assertThat(outcome.model().loss()).isEqualTo(new BinaryCrossEntropy(0.1));
    // A linear model can't.
    Trainer.Outcome linear =
        train(
            quick().network(Examples.hidden()).build(),
            Examples.table(Examples.CLASSES, Examples.xor(400)));
    assertThat(linear.report().training().get("accuracy")).isLessThan(0.75);
  }

  @Test
  void learnsARegressionAndMeasuresItInLabelUnits() {
    Trainer.Outcome outcome =
        train(
            quick().network(Examples.hidden()).epochs(Setting.of(60)).build(),
            Examples.table(Examples.NUMBERS, Examples.prices(300)));
    // The labels deviate by 670, and a linear model can learn all of it but for the smooth clip.
    Metrics metrics = outcome.report().training();
    assertThat(metrics.get("rmse")).isBetween(1.0, 60.0);
    assertThat(metrics.get("mae")).isLessThan(metrics.get("rmse"));
    assertThat(metrics.get("r2")).isGreaterThan(0.99);
    var scale = (LabelEncoding.Scale) outcome.model().encoder().label();
    assertThat(scale.mean()).isCloseTo(3_050, within(100.0));
    assertThat(scale.deviation()).isCloseTo(670, within(70.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void givesTheSameBitsForAnyThreadsAndOrderOfRows(int threads) {
    TrainingSettings settings =
        quick()
            .epochs(Setting.of(12))
            .shards(Setting.of(8))
            .network(
                new NetworkSettings(
                    List.of(6), Activation.SILU, Setting.auto(), Setting.of(0.2), Setting.auto()))
            .build();
    List<RawRow> rows = new ArrayList<>(Examples.xor(300));
    Trainer.Outcome expected =
        train(settings, new InMemoryTable(Examples.CLASSES, rows, new JavaKernels(), 1));
    Collections.shuffle(rows, new Random(threads));
    Trainer.Outcome outcome =
        train(settings, new InMemoryTable(Examples.CLASSES, rows, new JavaKernels(), threads));
    assertThat(outcome.model().parameters()).isEqualTo(expected.model().parameters());
    assertThat(outcome.report().fingerprint()).isEqualTo(expected.report().fingerprint());
    assertThat(outcome.report().training()).isEqualTo(expected.report().training());
    assertThat(outcome.report().validation()).isEqualTo(expected.report().validation());
    assertThat(outcome.report().bestEpoch()).isEqualTo(expected.report().bestEpoch());
  }

  @Test
  void averagesAnEnsembleWhoseFirstMemberIsTheNetworkAlone() {
    // Without validation rows, because selection would use the mean of all members.
    TrainingSettings.Builder settings = quick().validationFraction(Setting.of(0.0));
    InMemoryTable table = Examples.table(Examples.CLASSES, Examples.xor(200));
    NetworkSettings three = Examples.hidden(8).withEnsembleSize(Setting.of(3));
    float[] one = train(settings.network(Examples.hidden(8)).build(), table).model().parameters();
    Trainer.Outcome ensemble = train(settings.network(three).build(), table);
    assertThat(ensemble.report().plan().ensembleSize()).isEqualTo(3);
    assertThat(ensemble.model().parameters()).startsWith(one).hasSize(3 * one.length);
  }

  @Test
  void givesOtherBitsForAnotherSeedOrRow() {
    List<RawRow> rows = Examples.xor(200);
    float[] parameters = train(Examples.CLASSES, rows).model().parameters();
    assertThat(
            train(quick().seed(2).build(), Examples.table(Examples.CLASSES, rows))
                .model()
                .parameters())
        .isNotEqualTo(parameters);
    assertThat(train(Examples.CLASSES, rows.subList(1, 200)).model().parameters())
        .isNotEqualTo(parameters);
  }

  @Test
  void refitsOnAllRowsForTheSelectedNumberOfEpochs() {
    Trainer.Outcome outcome = train(Examples.CLASSES, Examples.xor(200));
    TrainingReport report = outcome.report();
    assertThat(report.plan().refit()).isTrue();
    assertThat(report.validationRows()).isEqualTo(30);
    assertThat(report.validation().rows()).isEqualTo(30);
    assertThat(report.trainingRows()).isEqualTo(200);
    assertThat(report.training().rows()).isEqualTo(200);
    assertThat(report.statistics().rows()).isEqualTo(200);
    assertThat(report.epochs()).isEqualTo(report.bestEpoch());
    Map<EpochRecord.Phase, Long> lines =
        report.history().stream()
            .collect(Collectors.groupingBy(EpochRecord::phase, Collectors.counting()));
    assertThat(lines)
        .containsEntry(EpochRecord.Phase.FIT, 30L)
        .containsEntry(EpochRecord.Phase.REFIT, (long) report.bestEpoch());
    // 170 rows in batches of 32 are 6 steps, 200 are 7.
    assertThat(report.steps()).isEqualTo(30 * 6 + report.bestEpoch() * 7L);
    assertThat(report.trainSeconds()).isPositive();
    assertThat(report.rowsPerSecond()).isPositive();
  }

  @Test
  void keepsTheSelectedEpochWithoutARefit() {
    TrainingReport report =
        train(
                quick().refit(Setting.of(false)).build(),
                Examples.table(Examples.CLASSES, Examples.xor(200)))
            .report();
    assertThat(report.trainingRows()).isEqualTo(170);
    assertThat(report.epochs()).isEqualTo(30);
    assertThat(report.history()).hasSize(30);
  }

  @Test
  void keepsTheLastEpochWithoutValidationRows() {
    TrainingReport report =
        train(
                quick().validationFraction(Setting.of(0.0)).build(),
                Examples.table(Examples.CLASSES, Examples.xor(200)))
            .report();
    assertThat(report.validation()).isEqualTo(Metrics.none());
    assertThat(report.validationRows()).isZero();
    assertThat(report.bestEpoch()).isEqualTo(30);
    assertThat(report.plan().refit()).isFalse();
  }

  @Test
  void selectsTheEpochByASeparateValidationTable() {
    List<RawRow> rows = Examples.xor(260);
    InMemoryTable table =
        Examples.table(Examples.CLASSES, rows.subList(0, 200))
            .withHeldOut(Examples.table(Examples.CLASSES, rows.subList(200, 260)));
    TrainingReport report = train(quick().build(), table).report();
    assertThat(report.plan().validationFraction()).isZero();
    assertThat(report.plan().refit()).isFalse();
    assertThat(report.validationRows()).isEqualTo(60);
    assertThat(report.trainingRows()).isEqualTo(200);
    assertThat(report.history()).hasSize(30);
  }

  @Test
  void derivesAutoSettingsFromTheRecipe() {
    TrainingSettings settings = TrainingSettings.builder().build();
    Trainer.Outcome outcome =
        train(settings, Examples.table(Examples.NUMBERS, Examples.prices(50)));
    assertThat(outcome.report().plan())
        .isEqualTo(
            new Plan(
                50, Task.REGRESSION, new HalfMse(), 32, 100, 2, 3, 0.15, 8, 0.15, true, List.of()));
    assertThat(outcome.model().network().layers())
        .containsExactly(
            new Dense(10, 128, Activation.SILU), // two numbers with three bins each, two categories
            new Dropout(128, 0.15, 1),
            new Dense(128, 64, Activation.SILU),
            new Dropout(64, 0.15, 3),
            new Dense(64, 1, Activation.IDENTITY));
  }

  private static Task automaticTask(double... labels) {
    List<RawRow> rows = new ArrayList<>();
    for (double label : labels) {
      rows.add(Examples.priced(label, 1, "c", label));
    }
    return new Trainer(quick().build(), TrainingListener.NONE)
        .label(Examples.table(Examples.NUMBERS, rows))
        .task();
  }

  @Test
  void takesTextsAndFewWholeNumbersForClasses() {
    assertThat(automaticTask(1, 2, 1, 5)).isEqualTo(Task.CLASSIFICATION);
    assertThat(automaticTask(1, 2.5, 1, 5)).isEqualTo(Task.REGRESSION);
    assertThat(automaticTask(IntStream.range(0, 20).asDoubleStream().toArray()))
        .isEqualTo(Task.CLASSIFICATION);
    assertThat(automaticTask(IntStream.range(0, 21).asDoubleStream().toArray()))
        .isEqualTo(Task.REGRESSION);
    assertThat(automaticTask(3)).isEqualTo(Task.REGRESSION);
    assertThat(automaticTask(1, 2e15)).isEqualTo(Task.REGRESSION);
    assertThat(
            new Trainer(quick().build(), TrainingListener.NONE)
                .label(Examples.table(Examples.CLASSES, Examples.xor(20)))
                .task())
        .isEqualTo(Task.CLASSIFICATION);
  }

  @Test
  void ordersNumericClassesAsNumbers() {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add(Examples.priced(i % 3, 1, "c", new double[] {10, 9, -1}[i % 3]));
    }
    Trainer.Outcome outcome = train(Examples.NUMBERS, rows);
    var classes = (LabelEncoding.Classes) outcome.model().encoder().label();
    assertThat(classes.names()).containsExactly("-1", "9", "10");
    assertThat(outcome.model().loss()).isEqualTo(new SoftmaxCrossEntropy(0.1));
    assertThat(outcome.report().training().get("accuracy")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"half-mse", "huber", "mae", "poisson"})
  void trainsARegressionByAnyOfItsLosses(String loss) {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      rows.add(Examples.priced(i % 10, 1, "c", Math.floor(Math.exp(0.3 * (i % 10)))));
    }
    Trainer.Outcome outcome =
        train(
            quick().task(Setting.of(Task.REGRESSION)).loss(Setting.of(loss)).build(),
            Examples.table(Examples.NUMBERS, rows));
    assertThat(outcome.model().loss().key()).isEqualTo(loss);
    assertThat(outcome.report().training().get("r2")).isGreaterThan(0.8);
  }

  @Test
  void makesTheLossThatIsAskedFor() {
    var scale = new LabelEncoding.Scale(0, 1);
    var two = LabelEncoding.Classes.of(List.of("a", "b"), false);
    TrainingSettings.Builder builder = quick().huberDelta(2).labelSmoothing(Setting.of(0.2));
    assertThat(Losses.of(builder.loss(Setting.of("huber")).build(), scale)).isEqualTo(new Huber(2));
    assertThat(Losses.of(builder.loss(Setting.of("mae")).build(), scale)).isEqualTo(new Mae());
    assertThat(Losses.of(builder.loss(Setting.of("poisson")).build(), scale))
        .isEqualTo(new Poisson());
    var half = Losses.of(builder.loss(Setting.of("half-mse")).build(), two);
    assertThat(half).isEqualTo(new HalfMse());
    assertThat(Losses.outputs(half, two)).isEqualTo(2);
    var cross = Losses.of(builder.loss(Setting.of("cross-entropy")).build(), two);
    assertThat(cross).isEqualTo(new SoftmaxCrossEntropy(0.2));
    assertThat(Losses.outputs(cross, two)).isEqualTo(2);
    assertThat(Losses.outputs(new BinaryCrossEntropy(0), two)).isEqualTo(1);
    assertThat(Losses.outputs(new Mae(), scale)).isEqualTo(1);
  }

  @Test
  void startsFromGivenParameters() {
    InMemoryTable table = Examples.table(Examples.CLASSES, Examples.xor(100));
    TrainingSettings settings =
        quick()
            .optimizer(new OptimizerSettings("sgd", Setting.of(1e-12), Map.of()))
            .epochs(Setting.of(1))
            .validationFraction(Setting.of(0.0))
            .build();
    TrainedModel model =
        new Trainer(settings, TrainingListener.NONE)
            .startingFrom(network -> network.initialParameters(Initializer.NORMAL, 9))
            .train(table)
            .model();
    float[] start = model.network().initialParameters(Initializer.NORMAL, 9);
    for (int i = 0; i < start.length; i++) {
      assertThat(model.parameters()[i]).isCloseTo(start[i], within(1e-9f));
    }
  }

  @Test
  void givesTheModelThatTrainingStartsFrom() {
    InMemoryTable table = Examples.table(Examples.CLASSES, Examples.xor(100));
    Trainer.Untrained start = new Trainer(quick().build(), TrainingListener.NONE).untrained(table);
    TrainedModel model = start.model();
    assertThat(model.parameters())
        .isEqualTo(model.network().initialParameters(Initializer.GLOROT, 1));
    assertThat(start.optimizer().key()).isEqualTo("adam");
    assertThat(model.encoder().numerics())
        .isEqualTo(
            train(quick().epochs(Setting.of(1)).build(), table).model().encoder().numerics());
  }

  @Test
  void evaluatesAModelOnAnotherTable() {
    Trainer.Outcome outcome = train(Examples.CLASSES, Examples.xor(300));
    var plan = new StepPlan(1, 32, 2, 1);
    InMemoryTable same = Examples.table(Examples.CLASSES, Examples.xor(300));
    Metrics metrics = Trainer.evaluate(outcome.model(), same, "test", plan);
    assertThat(metrics).isEqualTo(outcome.report().training());
    InMemoryTable unseen =
        Examples.table(
            Examples.CLASSES,
            List.of(Examples.labelled(1, 1, "c1", "same"), Examples.labelled(1, 1, "c1", "alike")));
    assertRefused(
        () -> Trainer.evaluate(outcome.model(), unseen, "test", plan),
        "Invalid label in the test table: \"alike\", in 1 rows (must be one of the classes of the"
            + " training table: [different, same])");
    assertRefused(
        () ->
            Trainer.evaluate(
                outcome.model(), Examples.table(Examples.CLASSES, List.of()), "test", plan),
        "Invalid test table: it has no rows (must have at least one)");
  }

  @Test
  void countsAnIntegerWeightAsCopies() {
    List<RawRow> weighted = new ArrayList<>();
    List<RawRow> copied = new ArrayList<>();
    for (RawRow row : Examples.xor(60)) {
      weighted.add(
          RawRow.withTextLabel(
              new double[] {row.number(0), row.number(1)},
              new String[] {row.category(0)},
              row.labelText(0),
              2));
      copied.add(
          Examples.labelled(row.number(0), row.number(1), row.category(0), row.labelText(0)));
      copied.add(
          Examples.labelled(row.number(0), row.number(1), row.category(0), row.labelText(0)));
    }
    TrainingSettings settings =
        quick()
            .validationFraction(Setting.of(0.0))
            .encoding(Setting.of(NumberEncoding.PLAIN)) // the edges of copies are others
            .batchSize(Setting.of(1_000))
            .optimizer(new OptimizerSettings("sgd", Setting.of(0.1), Map.of()))
            .epochs(Setting.of(5))
            .build();
    float[] first =
        train(settings, Examples.table(Examples.CLASSES, weighted)).model().parameters();
    float[] second = train(settings, Examples.table(Examples.CLASSES, copied)).model().parameters();
    for (int i = 0; i < first.length; i++) {
      assertThat(first[i]).isCloseTo(second[i], within(1e-5f));
    }
  }

  /** Returns rows of which only some weigh more than 0. */
  private static InMemoryTable weighted(int rows, int weighing) {
    List<RawRow> weighted = new ArrayList<>();
    for (RawRow row : Examples.xor(rows)) {
      weighted.add(
          RawRow.withTextLabel(
              new double[] {row.number(0), row.number(1)},
              new String[] {row.category(0)},
              row.labelText(0),
              weighted.size() < weighing ? 1 : 0));
    }
    return Examples.table(Examples.CLASSES, weighted);
  }

  @Test
  void tablesWhoseRowsAllWeighNothingAreRefusedBeforeTraining() {
    TrainingSettings settings = quick().epochs(Setting.of(1)).build();
    String rule = " table: all its rows weigh 0 (must have a row that weighs more)";
    assertRefused(() -> train(settings, weighted(40, 0)), "Invalid training" + rule);
    InMemoryTable table = weighted(40, 40);
    assertRefused(
        () -> train(settings, table.withHeldOut(weighted(20, 0))), "Invalid validation" + rule);
    TrainedModel model = train(settings, table.withHeldOut(weighted(20, 1))).model();
    StepPlan plan = new StepPlan(20, 32, 2, 1);
    assertRefused(
        () -> Trainer.evaluate(model, weighted(20, 0), "test", plan), "Invalid test" + rule);
  }

  @Test
  void partsWhoseRowsAllWeighNothingAreRefusedBeforeTraining() {
    TreeSet<String> messages = new TreeSet<>();
    for (int seed = 1; seed <= 10; seed++) { // the row that weighs is in one part or the other
      TrainingSettings settings = quick().seed(seed).validationFraction(Setting.of(0.5)).build();
      assertThatThrownBy(() -> train(settings, weighted(40, 1)))
          .isInstanceOf(InvalidDataException.class)
          .satisfies(e -> messages.add(e.getMessage()));
    }
    String rule =
        " rows weigh 0 (some must weigh more; another seed or validation fraction splits the rows"
            + " differently)";
    assertThat(messages)
        .containsExactly(
            "Invalid weights: all training" + rule, "Invalid weights: all validation" + rule);
  }

  @Test
  void aClassesWeightIsThatOfItsRows() {
    List<RawRow> plain = Examples.xor(80);
    List<RawRow> weighted = new ArrayList<>();
    for (RawRow row : plain) {
      weighted.add(
          RawRow.withTextLabel(
              new double[] {row.number(0), row.number(1)},
              new String[] {row.category(0)},
              row.labelText(0),
              row.weight() * (row.labelText(0).equals("same") ? 4 : 1)));
    }
    TrainingSettings.Builder builder =
        quick()
            .validationFraction(Setting.of(0.0))
            .batchSize(Setting.of(1_000)) // one step an epoch, whatever the order of rows
            .epochs(Setting.of(5));
    TrainingSettings byRow = builder.build();
    TrainingSettings byClass = builder.classWeights(ClassWeights.of(Map.of("same", 4.0))).build();
    Trainer.Outcome outcome = train(byClass, Examples.table(Examples.CLASSES, plain));
    float[] expected =
        train(byRow, Examples.table(Examples.CLASSES, weighted)).model().parameters();
    float[] parameters = outcome.model().parameters();
    for (int i = 0; i < expected.length; i++) {
      assertThat(parameters[i]).isCloseTo(expected[i], within(1e-5f));
    }
    assertThat(outcome.report().plan().classWeights()).containsExactly(1f, 4f);
    assertThat(outcome.report().training().get("loss"))
        .isCloseTo(outcome.report().training().get("logLoss"), within(1e-6));
  }

  @Test
  void balancesClassesByTheirRows() {
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(Examples.labelled(i, 1, "c", i % 4 == 0 ? "few" : "many"));
    }
    TrainingSettings settings =
        quick().classWeights(ClassWeights.ofBalance()).epochs(Setting.of(1)).build();
    assertThat(
            train(settings, Examples.table(Examples.CLASSES, rows)).report().plan().classWeights())
        .containsExactly(2f, 40 / 60f);
    assertRefused(
        () -> train(settings, Examples.table(Examples.NUMBERS, Examples.prices(30))),
        "Invalid class-weights: balanced (must be null for a regression)");
    TrainingSettings unknown =
        quick().classWeights(ClassWeights.of(Map.of("fwe", 2.0))).epochs(Setting.of(1)).build();
    assertRefused(
        () -> train(unknown, Examples.table(Examples.CLASSES, rows)),
        "Invalid class-weights: \"fwe\" (must be of [few, many])");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClassWeights.of(Map.of("few", Double.NaN)))
        .withMessage("Invalid class-weights of few: NaN (must be >= 0 and finite)");
  }

  private static void assertRefused(Runnable action, String message) {
    assertThatExceptionOfType(InvalidDataException.class)
        .isThrownBy(action::run)
        .withMessage(message);
  }

  @Test
  void refusesTablesThatCannotBeTrainedOn() {
    assertRefused(
        () -> train(Examples.CLASSES, List.of()),
        "Invalid training table: it has no rows (must have at least one)");
    assertRefused(
        () -> train(Examples.CLASSES, List.of(Examples.labelled(1, 1, "c", "yes"))),
        "label: Invalid label: every row is \"yes\" (must have two or more classes)");
    assertRefused(
        () ->
            train(
                quick().task(Setting.of(Task.REGRESSION)).build(),
                Examples.table(Examples.CLASSES, Examples.xor(30))),
        "label: Invalid label: texts such as \"different\" (must be numbers for a regression)");
    assertRefused(
        () -> train(Examples.NUMBERS, List.of(Examples.priced(1, 1, "c", Double.NaN))),
        "Invalid label: NaN (must be a finite number)");
    assertRefused(
        () ->
            train(
                quick().validationFraction(Setting.of(0.99)).build(),
                Examples.table(Examples.CLASSES, Examples.xor(30))),
        "Invalid validation fraction: 0.99 (must leave some of the 30 rows to train on)");
    assertRefused(
        () ->
            train(
                quick().task(Setting.of(Task.REGRESSION)).loss(Setting.of("poisson")).build(),
                Examples.table(
                    Examples.NUMBERS,
                    List.of(Examples.priced(1, 1, "c", 2), Examples.priced(2, 1, "c", -3)))),
        "price: Invalid label: -3.0 (must be >= 0 for loss poisson)");
  }

  @Test
  void refusesMoreClassesThanAClassificationHas() {
    List<RawRow> rows =
        IntStream.rangeClosed(0, TableSummary.MAXIMUM_CLASSES)
            .mapToObj(i -> Examples.labelled(i, 1, "c", "id" + i))
            .toList();
    assertRefused(
        () -> train(Examples.CLASSES, rows),
        "label: Invalid label: more than 10000 classes (must be fewer; set data.task = regression"
            + " if it is a number)");
  }

  @Test
  void refusesAValidationTableWithAnUnseenClassOrNoRows() {
    InMemoryTable table = Examples.table(Examples.CLASSES, Examples.xor(50));
    InMemoryTable unseen =
        Examples.table(Examples.CLASSES, List.of(Examples.labelled(1, 1, "c", "alike")));
    assertRefused(
        () -> train(quick().build(), table.withHeldOut(unseen)),
        "Invalid label in the validation table: \"alike\", in 1 rows (must be one of the classes of"
            + " the training table: [different, same])");
    InMemoryTable empty = Examples.table(Examples.CLASSES, List.of());
    assertRefused(
        () -> train(quick().build(), table.withHeldOut(empty)),
        "Invalid validation table: it has no rows (must have at least one)");
  }

  @Test
  void keepsTheModelOfTheLastGoodWeightsWhenTrainingDiverges() {
    TrainingSettings settings =
        quick()
            .network(Examples.hidden())
            .optimizer(new OptimizerSettings("sgd", Setting.of(1e9), Map.of()))
            .build();
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> train(settings, Examples.table(Examples.NUMBERS, Examples.prices(100))))
        .satisfies(
            e -> {
              TrainedModel model = e.lastGoodModel().orElseThrow();
              assertThat(model.parameters()).isEqualTo(e.lastGoodParameters());
              assertThat(model.schema()).isEqualTo(Examples.NUMBERS);
              for (float parameter : model.parameters()) {
                assertThat(parameter).isFinite();
              }
            });
  }

  @Test
  void refusesSettingsThatDontFitTheTable() {
    InMemoryTable classes = Examples.table(Examples.CLASSES, Examples.xor(50));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(quick().loss(Setting.of("mae")).build(), classes))
        .withMessage(
            "Invalid loss for classification: mae (must be one of [cross-entropy,"
                + " binary-cross-entropy, half-mse])");
    List<RawRow> three = new ArrayList<>(Examples.xor(50));
    three.add(Examples.labelled(1, 1, "c", "third"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                train(
                    quick().loss(Setting.of("binary-cross-entropy")).build(),
                    Examples.table(Examples.CLASSES, three)))
        .withMessage("Invalid loss: binary-cross-entropy (must be cross-entropy for 3 classes)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                train(
                    quick().refit(Setting.of(true)).validationFraction(Setting.of(0.0)).build(),
                    classes))
        .withMessage(
            "Invalid refit: true (must be false or auto unless the table is split into training and"
                + " validation rows)");
    var softplus =
        new NetworkSettings(
            List.of(),
            Activation.TANH,
            Setting.of(Activation.SOFTPLUS),
            Setting.auto(),
            Setting.auto());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(quick().network(softplus).build(), classes))
        .withMessage(
            "Invalid output-activation for binary-cross-entropy: softplus (must be auto: the loss"
                + " takes logits)");
  }

  @Test
  void trainsOnCategoriesAlone() {
    var schema = new Schema(List.of(Column.categorical("c")), Column.categorical("label"), "");
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(
          RawRow.withTextLabel(
              new double[0], new String[] {"c" + i % 4}, i % 4 < 2 ? "a" : "b", 1));
    }
    assertThat(train(schema, rows).report().training().get("accuracy")).isEqualTo(1);
  }
}
