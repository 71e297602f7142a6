package chainrule.train.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.InputLayout;
import chainrule.data.LabelEncoding;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.Task;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.nn.HalfMse;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import chainrule.optim.AdamW;
import chainrule.optim.Constant;
import chainrule.optim.Cosine;
import chainrule.optim.Exponential;
import chainrule.optim.GradientClipping;
import chainrule.optim.Optimizers;
import chainrule.optim.Sgd;
import chainrule.optim.StepDecay;
import chainrule.optim.WarmupCosine;
import chainrule.train.Examples;
import chainrule.train.TrainedModel;
import chainrule.train.settings.ScheduleSettings.Unit;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.GradientBuffer;
import chainrule.train.sums.Objective;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user may say, and the small values that training hands about. */
public class SettingsTest {
  private static void assertRefused(Runnable action, String message) {
    assertThatIllegalArgumentException().isThrownBy(action::run).withMessage(message);
  }

  @Test
  void refusesSettingsOutOfRangeBeforeAnyDataAreRead() {
    var builder = TrainingSettings.builder();
    assertRefused(
        () -> TrainingSettings.builder().batchSize(Setting.of(0)).build(),
        "Invalid batch-size: 0 (must be > 0)");
    assertRefused(
        () -> TrainingSettings.builder().epochs(Setting.of(-1)).build(),
        "Invalid epochs: -1 (must be > 0)");
    assertRefused(
        () -> TrainingSettings.builder().shards(Setting.of(3)).build(),
        "Invalid shards: 3 (must be a power of two from 1 to 65536)");
    assertRefused(
        () -> TrainingSettings.builder().validationFraction(Setting.of(1.0)).build(),
        "Invalid validation fraction: 1.0 (must be >= 0 and < 1)");
    assertRefused(
        () -> TrainingSettings.builder().l2(-1).build(),
        "Invalid l2: -1.0 (must be >= 0 and finite)");
    assertRefused(
        () -> TrainingSettings.builder().patience(-1).build(),
        "Invalid patience: -1 (must be >= 0)");
    assertRefused(
        () -> TrainingSettings.builder().minDelta(Double.NaN).build(),
        "Invalid min-delta: NaN (must be >= 0 and finite)");
    assertRefused(
        () -> TrainingSettings.builder().labelSmoothing(Setting.of(1.0)).build(),
        "Invalid label smoothing: 1.0 (must be >= 0 and < 1)");
    assertRefused(
        () -> TrainingSettings.builder().huberDelta(0).build(),
        "Invalid Huber's delta: 0.0 (must be > 0 and finite)");
    assertRefused(
        () -> TrainingSettings.builder().loss(Setting.of("mse")).build(),
        "Invalid loss: mse (must be one of " + Loss.KINDS.keys() + ")");
    assertRefused(
        () -> builder.optimizer(new OptimizerSettings("adagard", Setting.auto(), Map.of())).build(),
        "Invalid optimizer: adagard (must be one of " + Optimizers.solverKeys() + ")");
    assertRefused(
        () -> TrainingSettings.builder().embedAbove(65_537).build(),
        "Invalid embed-above: 65537 (must be from 0 to 65536)");
    assertThatNullPointerException()
        .isThrownBy(() -> TrainingSettings.builder().loss(null))
        .withMessage("loss");
  }

  @Test
  void keepsWhatItWasGiven() {
    TrainingSettings settings =
        TrainingSettings.builder()
            .task(Setting.of(Task.REGRESSION))
            .loss(Setting.of("huber"))
            .huberDelta(2)
            .labelSmoothing(Setting.of(0.2))
            .standardize(false)
            .standardizeLabel(false)
            .embedAbove(9)
            .validationFraction(Setting.of(0.3))
            .batchSize(Setting.of(5))
            .epochs(Setting.of(6))
            .seed(7)
            .selection(Selection.LAST)
            .refit(Setting.of(false))
            .l2(0.1)
            .clipping(new GradientClipping(3))
            .patience(4)
            .minDelta(0.5)
            .shards(Setting.of(8))
            .schedule(ScheduleSettings.defaults())
            .network(NetworkSettings.defaults())
            .build();
    assertThat(settings.task()).isEqualTo(Setting.of(Task.REGRESSION));
    assertThat(settings.loss()).isEqualTo(Setting.of("huber"));
    assertThat(settings.huberDelta()).isEqualTo(2);
    assertThat(settings.labelSmoothing()).isEqualTo(Setting.of(0.2));
    assertThat(settings.standardize()).isFalse();
    assertThat(settings.standardizeLabel()).isFalse();
    assertThat(settings.embedAbove()).isEqualTo(9);
    assertThat(settings.validationFraction()).isEqualTo(Setting.of(0.3));
    assertThat(settings.batchSize()).isEqualTo(Setting.of(5));
    assertThat(settings.epochs()).isEqualTo(Setting.of(6));
    assertThat(settings.seed()).isEqualTo(7);
    assertThat(settings.selection()).isEqualTo(Selection.LAST);
    assertThat(settings.refit()).isEqualTo(Setting.of(false));
    assertThat(settings.l2()).isEqualTo(0.1);
    assertThat(settings.clipping()).isEqualTo(new GradientClipping(3));
    assertThat(settings.patience()).isEqualTo(4);
    assertThat(settings.minDelta()).isEqualTo(0.5);
    assertThat(settings.shards()).isEqualTo(Setting.of(8));
    assertThat(settings.schedule()).isEqualTo(ScheduleSettings.defaults());
    assertThat(settings.network()).isEqualTo(NetworkSettings.defaults());
    assertThat(settings.optimizer()).isEqualTo(OptimizerSettings.defaults());
  }

  @Test
  void changesOneSettingOfANetworkAtATime() {
    NetworkSettings settings =
        NetworkSettings.defaults()
            .withEnsembleSize(Setting.of(3))
            .withEmbeddingSize(5)
            .withLayerNorm(true)
            .withResidual(true);
    assertThat(settings.ensembleSize()).isEqualTo(Setting.of(3));
    assertThat(settings.embeddingSize()).isEqualTo(5);
    assertThat(settings.layerNorm()).isTrue();
    assertThat(settings.residual()).isTrue();
    assertThat(settings.withLayerNorm(false).residual()).isTrue();
    assertThat(settings.withResidual(false).layerNorm()).isTrue();
    assertThat(NetworkSettings.defaults().embeddingSize()).isEqualTo(16);
    assertThat(NetworkSettings.defaults().layerNorm()).isFalse();
    assertThat(NetworkSettings.defaults().residual()).isFalse();
    assertRefused(
        () -> settings.withEmbeddingSize(0), "Invalid embedding-size: 0 (must be from 1 to 1024)");
  }

  @Test
  void leavesAChoiceToTheRecipeOrTakesIt() {
    assertThat(Setting.<Integer>auto().orElse(3)).isEqualTo(3);
    assertThat(Setting.of(2).orElse(3)).isEqualTo(2);
    assertThat(Setting.auto().isAuto()).isTrue();
    assertThat(Setting.of(2).isAuto()).isFalse();
    assertThat(Setting.of(2).map(number -> number + 0.5)).isEqualTo(Setting.of(2.5));
    assertThat(Setting.<Integer>auto().map(number -> number + 0.5)).isEqualTo(Setting.auto());
    assertThatNullPointerException()
        .isThrownBy(() -> Setting.of((String) null))
        .withMessage("value");
  }

  private static NetworkSettings network(
      List<Integer> hidden, Activation activation, double dropout) {
    return new NetworkSettings(
        hidden, activation, Setting.auto(), Setting.of(dropout), Setting.auto());
  }

  @Test
  void refusesNetworksThatCannotBe() {
    assertRefused(
        () -> network(List.of(3, 0), Activation.TANH, 0),
        "Invalid hidden: 0 (must be from 1 to 65536 units a layer)");
    assertRefused(
        () -> network(List.of(3), Activation.SOFTMAX, 0),
        "Invalid activation: softmax (must be one for hidden layers)");
    assertRefused(
        () -> network(List.of(3), Activation.TANH, 1),
        "Invalid dropout: 1.0 (must be >= 0 and < 1)");
  }

  private static ScheduleSettings schedule(String key, Unit unit) {
    return new ScheduleSettings(key, 2, 0.5, 1, Setting.of(10.0), 0.001, unit);
  }

  @Test
  void countsLengthsInEpochsOrSteps() {
    assertThat(ScheduleSettings.defaults().schedule(0.1, 7, 30)).isEqualTo(new Cosine(0.1, 210, 0));
    assertThat(ScheduleSettings.everyByDefault("step")).isEqualTo(10);
    assertThat(ScheduleSettings.everyByDefault("exponential")).isEqualTo(1);
    assertThat(ScheduleSettings.everyByDefault("cosine")).isEqualTo(10);
    assertThat(schedule("constant", Unit.STEPS).schedule(0.1, 7, 30)).isEqualTo(new Constant(0.1));
    assertThat(schedule("step", Unit.EPOCHS).schedule(0.1, 7, 30))
        .isEqualTo(new StepDecay(0.1, 14, 0.5));
    assertThat(schedule("exponential", Unit.STEPS).schedule(0.1, 7, 30))
        .isEqualTo(new Exponential(0.1, 0.5, 2));
    assertThat(schedule("cosine", Unit.EPOCHS).schedule(0.1, 7, 30))
        .isEqualTo(new Cosine(0.1, 70, 0.001));
    assertThat(schedule("warmup-cosine", Unit.STEPS).schedule(0.1, 7, 30))
        .isEqualTo(new WarmupCosine(0.1, 1, 10, 0.001));
    assertRefused(
        () -> schedule("linear", Unit.STEPS).schedule(0.1, 7, 30),
        "Invalid schedule type: \"linear\" (must be constant, step, exponential, cosine,"
            + " warmup-cosine)");
  }

  @ParameterizedTest
  @CsvSource({"adamw, 0.002", "adam, 0.001", "sgd, 0.01", "rmsprop, 0.01"})
  void hasARateForEachOptimizer(String key, double rate) {
    assertThat(new OptimizerSettings(key, Setting.auto(), Map.of()).rate()).isEqualTo(rate);
    assertThat(new OptimizerSettings(key, Setting.of(0.5), Map.of()).rate()).isEqualTo(0.5);
  }

  @Test
  void givesAdamWTheRecipesDecayUnlessToldOtherwise() {
    var rate = new Constant(0.1);
    assertThat(OptimizerSettings.defaults().solver(rate)).isEqualTo(AdamW.withDefaults(rate, 0.3));
    var given = new OptimizerSettings("adamw", Setting.auto(), Map.of("weight-decay", 0.0));
    assertThat(given.solver(rate)).isEqualTo(AdamW.withDefaults(rate, 0));
    assertThat(new OptimizerSettings("sgd", Setting.auto(), Map.of()).solver(rate))
        .isEqualTo(new Sgd(rate));
  }

  @Test
  void dividesSumsByTheirWeightOnce() {
    var buffer = new GradientBuffer(2);
    buffer.gradientSum()[0] = 6;
    buffer.add(3, 1.5, 2);
    var sibling = new GradientBuffer(2);
    sibling.gradientSum()[0] = 2;
    sibling.gradientSum()[1] = -4;
    sibling.add(1, 0.5, 3);
    buffer.merge(sibling);
    assertThat(buffer.lossSum()).isEqualTo(4);
    assertThat(buffer.weightSum()).isEqualTo(2);
    assertThat(buffer.rows()).isEqualTo(5);
    assertThat(buffer.toMeanGradient()).containsExactly(4, -2);
    buffer.clear();
    assertThat(buffer.gradientSum()).containsOnly(0f);
    assertThatIllegalStateException()
        .isThrownBy(buffer::toMeanGradient)
        .withMessage("Cannot average the gradient: its rows weigh 0.0");
    assertRefused(
        () -> buffer.merge(new GradientBuffer(3)), "Invalid length of a gradient: 3 (must be 2)");
  }

  private static RawRow row(double label) {
    return RawRow.withNumericLabel(new double[] {1}, new String[0], label, 1);
  }

  @Test
  void summarizesPartsOfATableAsTheWhole() {
    var random = new RandomStream(1);
    long[] keys = LongStream.generate(random::nextLong).limit(300).toArray();
    var whole = new TableSummary(List.of(Column.numeric("y")));
    var left = new TableSummary(List.of(Column.numeric("y")));
    var right = new TableSummary(List.of(Column.numeric("y")));
    for (int i = 0; i < keys.length; i++) {
      whole.add(row(i % 3), keys[i]);
      (i % 7 == 0 ? left : right).add(row(i % 3), keys[i]);
    }
    TableSummary merged = right.merge(left);
    assertThat(merged.rows()).isEqualTo(300);
    assertThat(merged.fingerprint()).isEqualTo(whole.fingerprint());
    assertThat(merged.labels().get(0).classes()).containsExactly("0", "1", "2");
    assertThat(merged.labels().get(0).whole()).isTrue();
    assertThat(merged.labels().get(0).numeric()).isTrue();
    for (double fraction : new double[] {0, 0.15, 0.9}) {
      assertThat(merged.placement(1, fraction)).isEqualTo(whole.placement(1, fraction));
    }
    merged.add(row(0.5), 1);
    assertThat(merged.labels().get(0).whole()).isFalse();
  }

  @Test
  void splitsLargeTablesByProbability() {
    var half = new TableSummary(List.of(Column.categorical("y")));
    var rest = new TableSummary(List.of(Column.categorical("y")));
    RawRow row = RawRow.withTextLabel(new double[] {1}, new String[0], "a", 1);
    for (int i = 0; i < Placement.EXACT_SPLIT_ROWS; i++) {
      half.add(row, i);
    }
    assertThat(half.placement(1, 0.5)).isEqualTo(new Placement(1, 10_000));
    rest.add(row, 0);
    assertThat(half.merge(rest).placement(1, 0.5))
        .isEqualTo(new Placement(1, Placement.expectedBound(0.5)));
    half.add(row, 5);
    assertThat(half.rows()).isEqualTo(20_002);
    assertThat(half.labels().get(0).classes()).containsExactly("a");
  }

  @Test
  void copiesTheParametersOfAModelInAndOut() {
    var label = new LabelEncoding.Scale(0, 1);
    var encoder =
        new Encoder(List.of(new Encoder.Numeric("x", 0, 1, 0, false, true)), List.of(), label);
    var network = Network.perceptron(1, List.of(), Activation.TANH, 0, 1, Activation.IDENTITY);
    float[] parameters = {1, 2};
    var model = new TrainedModel(Examples.NUMBERS, encoder, network, new HalfMse(), parameters);
    parameters[0] = 9;
    model.parameters()[1] = 9;
    assertThat(model.parameters()).containsExactly(1, 2);
    assertThat(model.objective().network()).isEqualTo(network);
    assertRefused(
        () -> new TrainedModel(Examples.NUMBERS, encoder, network, new HalfMse(), new float[3]),
        "Invalid number of parameters: 3 (must be 2)");
    assertRefused(
        () -> new Objective(network, new HalfMse(), InputLayout.dense(2), label),
        "Invalid inputs of the network: 1 (must be 2, the width of an encoded row)");
  }
}
