package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.LabelEncoding;
import chainrule.data.NumberEncoding;
import chainrule.data.Task;
import chainrule.nn.Activation;
import chainrule.nn.Initializer;
import chainrule.optim.GradientClipping;
import chainrule.optim.Optimizers;
import chainrule.optim.Solver;
import chainrule.train.settings.ClassWeights;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Selection;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Fold;
import chainrule.train.shard.InMemoryTable;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Keys and texts are stored in checkpoints. The expected ones were written before keys were listed
 * explicitly. A change that makes this test fail also makes older checkpoints unusable.
 */
class RunFactsTest {
  private static final InMemoryTable TABLE = Examples.table(Examples.CLASSES, Examples.xor(60));

  private static TrainingSettings everythingGiven() {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                List.of(8, 4),
                Activation.GELU,
                Setting.of(Activation.IDENTITY),
                Setting.of(0.25),
                Setting.of(Initializer.HE),
                Setting.of(3),
                12,
                true,
                true))
        .optimizer(
            new OptimizerSettings(
                "adamw", Setting.of(0.003), Map.of("weight-decay", 0.1, "beta1", 0.8)))
        .schedule(
            new ScheduleSettings(
                "warmup-cosine", 5, 0.4, 2, Setting.of(20.0), 1e-4, ScheduleSettings.Unit.EPOCHS))
        .task(Setting.of(Task.CLASSIFICATION))
        .loss(Setting.of("cross-entropy"))
        .huberDelta(1.5)
        .labelSmoothing(Setting.of(0.05))
        .standardize(false)
        .encoding(Setting.of(NumberEncoding.PIECEWISE_LINEAR))
        .embedAbove(7)
        .standardizeLabel(false)
        .validationFraction(Setting.of(0.2))
        .batchSize(Setting.of(16))
        .epochs(Setting.of(25))
        .seed(11)
        .selection(Selection.LAST)
        .refit(Setting.of(false))
        .classWeights(ClassWeights.of(Map.of("same", 2.0, "different", 0.5)))
        .l2(0.001)
        .clipping(new GradientClipping(1.5))
        .patience(6)
        .minDelta(0.01)
        .shards(Setting.of(4))
        .build();
  }

  private static Map<String, String> facts(
      InMemoryTable table, TrainingSettings settings, Setting<Fold> fold) {
    LabelEncoding label = new Trainer(settings, TrainingListener.NONE).label(table);
    Plan plan = Plan.of(settings, table, table.summary(settings.seed()), label, fold);
    Solver solver =
        settings
            .optimizer()
            .solver(settings.schedule().schedule(settings.optimizer().rate(), 4, plan.epochs()));
    return RunFacts.of(table, plan, settings, solver, fold, new float[] {1, -2.5f});
  }

  private static final String ROWS = "60 rows of fingerprint ff5e85acb68a6f3ecb2c12c6e429edc0";
  private static final String COLUMNS =
      "4 of SHA-256 4e33ee3ba95e118d311eae97da7f1426e73037e79773b0f0d9edf38e55c6b61e";
  private static final String WEIGHTS =
      "2 of SHA-256 88c775a98086981bfb431398c1d5b8873378d8eb6f02c0bfc00c702563f27aa7";

  @Test
  void storesTheKeysAndTextsOfGivenSettings() {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("data", ROWS);
    expected.put("validation data", ROWS);
    expected.put("columns", COLUMNS);
    expected.put("classes given", "[]");
    expected.put(
        "network",
        "NetworkSettings[hidden=[8, 4], activation=GELU, outputActivation=Given[value=IDENTITY],"
            + " dropout=Given[value=0.25], initializer=Given[value=HE],"
            + " ensembleSize=Given[value=3], embeddingSize=12, layerNorm=true, residual=true]");
    expected.put(
        "optimizer",
        "OptimizerSettings[key=adamw, learningRate=Given[value=0.003],"
            + " hyperparameters={beta1=0.8, weight-decay=0.1}]");
    expected.put(
        "schedule",
        "ScheduleSettings[key=warmup-cosine, every=5.0, factor=0.4, warmup=2.0,"
            + " total=Given[value=20.0], minimum=1.0E-4, unit=EPOCHS]");
    expected.put("task", "CLASSIFICATION");
    expected.put("loss", "SoftmaxCrossEntropy[labelSmoothing=0.05]");
    expected.put("huber-delta", "1.5");
    expected.put("label-smoothing", "Given[value=0.05]");
    expected.put("standardize", "false");
    expected.put("encoding", "Given[value=PIECEWISE_LINEAR]");
    expected.put("embed-above", "7");
    expected.put("standardize-label", "false");
    expected.put("validation-fraction", "0.0");
    expected.put("batch-size", "16");
    expected.put("epochs", "25");
    expected.put("seed", "11");
    expected.put("selection", "LAST");
    expected.put("refit", "false");
    expected.put("class-weights", "[0.5, 2.0]");
    expected.put("l2", "0.001");
    expected.put("clipping", "GradientClipping[maxNorm=1.5]");
    expected.put("patience", "6");
    expected.put("min-delta", "0.01");
    expected.put("shards", "4");
    expected.put("rows", "60");
    expected.put("bins", "3");
    expected.put("dropout", "0.25");
    expected.put("ensemble-size", "3");
    expected.put(
        "optimizer in full",
        "AdamW[schedule=WarmupCosine[rate=0.003, warmupSteps=8, totalSteps=80, minimum=1.0E-4],"
            + " beta1=0.8, beta2=0.999, epsilon=1.0E-8, weightDecay=0.1]");
    expected.put("fold", "Auto[]");
    expected.put("initial weights", WEIGHTS);
    assertThat(facts(TABLE.withHeldOut(TABLE), everythingGiven(), Setting.auto()))
        .containsExactlyEntriesOf(expected);
  }

  @Test
  void storesTheKeysAndTextsOfAutoSettings() {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("data", ROWS);
    expected.put("columns", COLUMNS);
    expected.put("classes given", "[]");
    expected.put(
        "network",
        "NetworkSettings[hidden=[128, 64], activation=SILU, outputActivation=Auto[],"
            + " dropout=Auto[], initializer=Auto[], ensembleSize=Auto[], embeddingSize=16,"
            + " layerNorm=false, residual=false]");
    expected.put(
        "optimizer", "OptimizerSettings[key=adamw, learningRate=Auto[], hyperparameters={}]");
    expected.put(
        "schedule",
        "ScheduleSettings[key=cosine, every=10.0, factor=0.5, warmup=1.0, total=Auto[],"
            + " minimum=0.0, unit=EPOCHS]");
    expected.put("task", "CLASSIFICATION");
    expected.put("loss", "BinaryCrossEntropy[labelSmoothing=0.1]");
    expected.put("huber-delta", "1.0");
    expected.put("label-smoothing", "Auto[]");
    expected.put("standardize", "true");
    expected.put("encoding", "Auto[]");
    expected.put("embed-above", "512");
    expected.put("standardize-label", "true");
    expected.put("validation-fraction", "0.3333333333333333");
    expected.put("batch-size", "32");
    expected.put("epochs", "100");
    expected.put("seed", "1");
    expected.put("selection", "AUTO");
    expected.put("refit", "false");
    expected.put("class-weights", "[]");
    expected.put("l2", "0.0");
    expected.put("clipping", "GradientClipping[maxNorm=0.0]");
    expected.put("patience", "0");
    expected.put("min-delta", "0.0");
    expected.put("shards", "2");
    expected.put("rows", "60");
    expected.put("bins", "3");
    expected.put("dropout", "0.15");
    expected.put("ensemble-size", "8");
    expected.put(
        "optimizer in full",
        "AdamW[schedule=Cosine[rate=0.002, totalSteps=400, minimum=0.0], beta1=0.9, beta2=0.999,"
            + " epsilon=1.0E-8, weightDecay=0.3]");
    expected.put("fold", "Given[value=Fold[index=1, count=3]]");
    expected.put("initial weights", WEIGHTS);
    Setting<Fold> fold = Setting.of(new Fold(1, 3));
    assertThat(facts(TABLE, TrainingSettings.builder().build(), fold))
        .containsExactlyEntriesOf(expected);
  }

  @Test
  void identifiesATrainingAsBefore() {
    assertThat(RunFacts.identity(TABLE, everythingGiven(), Setting.auto()))
        .isEqualTo("3a98c86786dc4b7a8377819d9d0f43a6744a5f12138d6c51549c5882c2d7a73b");
    Setting<Fold> fold = Setting.of(new Fold(1, 3));
    assertThat(RunFacts.identity(TABLE, TrainingSettings.builder().build(), fold))
        .isEqualTo("f7cec458738d0282aba636f894c7080279ca872d472a6cc096869ad8d868b5bb");
  }

  private static String loss(String key, LabelEncoding label) {
    return Losses.of(TrainingSettings.builder().loss(Setting.of(key)).build(), label).toString();
  }

  @Test
  void storesTheTextsOfAllLosses() {
    var classes = LabelEncoding.Classes.of(List.of("a", "b"), false);
    assertThat(loss("cross-entropy", classes)).isEqualTo("SoftmaxCrossEntropy[labelSmoothing=0.1]");
    assertThat(loss("binary-cross-entropy", classes))
        .isEqualTo("BinaryCrossEntropy[labelSmoothing=0.1]");
    var numbers = new LabelEncoding.Scale(0, 1);
    assertThat(loss("half-mse", numbers)).isEqualTo("HalfMse[]");
    assertThat(loss("huber", numbers)).isEqualTo("Huber[delta=1.0]");
    assertThat(loss("mae", numbers)).isEqualTo("Mae[]");
    assertThat(loss("poisson", numbers)).isEqualTo("Poisson[]");
  }

  private static String solver(String optimizer, String schedule) {
    var settings = new OptimizerSettings(optimizer, Setting.auto(), Map.of());
    var lengths =
        new ScheduleSettings(
            schedule, 2, 0.5, 3, Setting.auto(), 1e-4, ScheduleSettings.Unit.STEPS);
    return settings.solver(lengths.schedule(settings.rate(), 4, 10)).toString();
  }

  @Test
  void storesTheTextsOfAllSolversAndSchedules() {
    Map<String, String> solvers = new LinkedHashMap<>();
    Optimizers.solverKeys().forEach(key -> solvers.put(key, solver(key, "constant")));
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("sgd", "Sgd[schedule=Constant[rate=0.01]]");
    expected.put("momentum", "Momentum[schedule=Constant[rate=0.01], momentum=0.9]");
    expected.put("nesterov", "Nesterov[schedule=Constant[rate=0.01], momentum=0.9]");
    expected.put("adagrad", "Adagrad[schedule=Constant[rate=0.01], epsilon=1.0E-10]");
    expected.put("rmsprop", "RmsProp[schedule=Constant[rate=0.01], rho=0.99, epsilon=1.0E-8]");
    expected.put(
        "adam", "Adam[schedule=Constant[rate=0.001], beta1=0.9, beta2=0.999, epsilon=1.0E-8]");
    expected.put(
        "adamw",
        "AdamW[schedule=Constant[rate=0.002], beta1=0.9, beta2=0.999, epsilon=1.0E-8,"
            + " weightDecay=0.3]");
    expected.put("lbfgs", "Lbfgs[memory=10, tolerance=1.0E-6]");
    // Checkpoints of earlier versions have these; a new solver has no earlier checkpoints.
    assertThat(solvers).containsAllEntriesOf(expected);
    assertThat(solver("sgd", "step"))
        .isEqualTo("Sgd[schedule=StepDecay[rate=0.01, everySteps=2, factor=0.5]]");
    assertThat(solver("sgd", "exponential"))
        .isEqualTo("Sgd[schedule=Exponential[rate=0.01, factor=0.5, everySteps=2]]");
    assertThat(solver("sgd", "cosine"))
        .isEqualTo("Sgd[schedule=Cosine[rate=0.01, totalSteps=40, minimum=1.0E-4]]");
    assertThat(solver("sgd", "warmup-cosine"))
        .isEqualTo(
            "Sgd[schedule=WarmupCosine[rate=0.01, warmupSteps=3, totalSteps=40, minimum=1.0E-4]]");
  }

  /** Returns the key of a component; one that is renamed is listed here with its key of before. */
  private static String key(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  @Test
  void listsEverySetting() {
    List<String> fields =
        Arrays.stream(TrainingSettings.class.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
            .map(field -> key(field.getName()))
            .toList();
    assertThat(missing(fields, RunFacts.settingsKeys()))
        .as("components of TrainingSettings that RunFacts does not list")
        .isEmpty();
    assertThat(RunFacts.settingsKeys()).hasSameSizeAs(fields).doesNotHaveDuplicates();
  }

  @Test
  void listsEveryComponentOfThePlan() {
    List<String> components =
        Arrays.stream(Plan.class.getRecordComponents())
            .map(RecordComponent::getName)
            .map(RunFactsTest::key)
            .toList();
    assertThat(missing(components, RunFacts.planKeys()))
        .as("components of Plan that RunFacts does not list")
        .isEmpty();
    assertThat(RunFacts.planKeys()).hasSameSizeAs(components).doesNotHaveDuplicates();
  }

  private static List<String> missing(List<String> components, List<String> keys) {
    List<String> missing = new ArrayList<>(components);
    missing.removeAll(keys);
    return missing;
  }
}
