package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.NumberEncoding;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.optim.GradientClipping;
import chainrule.optim.Optimizers;
import chainrule.train.history.EpochRecord;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Selection;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import chainrule.train.shard.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** L-BFGS through the whole of a training. */
class FullBatchTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(Column.numeric("x"), Column.numeric("y")), Column.categorical("label"), "w");

  private static final double L2 = 0.05;

  private static TrainingSettings.Builder lbfgs() {
    return lbfgs(Map.of());
  }

  private static TrainingSettings.Builder lbfgs(Map<String, Double> hyperparameters) {
    return TrainingSettings.builder()
        .network(network(Setting.auto(), 8))
        .optimizer(new OptimizerSettings("l-bfgs", Setting.auto(), hyperparameters));
  }

  private static NetworkSettings network(Setting<Double> dropout, Integer... hidden) {
    return new NetworkSettings(
        List.of(hidden), Activation.TANH, Setting.auto(), dropout, Setting.auto());
  }

  private static Trainer.Outcome train(TrainingSettings settings, Table table) {
    return new Trainer(settings, TrainingListener.NONE).train(table);
  }

  private static List<RawRow> clouds(int count) {
    var random = new RandomStream(5);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean positive = random.nextInt(3) == 0;
      double shift = positive ? 1 : -0.5;
      double x = random.nextGaussian() + shift;
      double y = 3 * random.nextGaussian() - shift;
      double weight = 0.5 + random.nextInt(3);
      rows.add(
          RawRow.withTextLabel(
              new double[] {x, y}, new String[0], positive ? "yes" : "no", weight));
    }
    return rows;
  }

  /** Newton's method in double for the logistic regression with L2 on the weights. */
  private static double[] newton(List<RawRow> rows) {
    double[] p = new double[3];
    for (int iteration = 0; iteration < 30; iteration++) {
      double[] gradient = {L2 * p[0], L2 * p[1], 0};
      double[][] hessian = {{L2, 0, 0}, {0, L2, 0}, {0, 0, 0}};
      double weights = rows.stream().mapToDouble(RawRow::weight).sum();
      for (RawRow row : rows) {
        double[] z = {row.number(0), row.number(1), 1};
        double share = row.weight() / weights;
        double probability = 1 / (1 + Math.exp(-(p[0] * z[0] + p[1] * z[1] + p[2])));
        double target = row.labelText(0).equals("yes") ? 1 : 0;
        for (int i = 0; i < 3; i++) {
          gradient[i] += share * (probability - target) * z[i];
          for (int j = 0; j < 3; j++) {
            hessian[i][j] += share * probability * (1 - probability) * z[i] * z[j];
          }
        }
      }
      // Cramer's rule.
      double determinant = determinant(hessian);
      double[] step = new double[3];
      for (int column = 0; column < 3; column++) {
        double[][] replaced = {hessian[0].clone(), hessian[1].clone(), hessian[2].clone()};
        for (int row = 0; row < 3; row++) {
          replaced[row][column] = gradient[row];
        }
        step[column] = determinant(replaced) / determinant;
      }
      for (int i = 0; i < 3; i++) {
        p[i] -= step[i];
      }
    }
    return p;
  }

  private static double determinant(double[][] m) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  }

  @Test
  void findsTheLogisticRegressionThatNewtonFinds() {
    List<RawRow> rows = clouds(700);
    TrainingSettings settings =
        lbfgs(Map.of("tolerance", 1e-9))
            .network(network(Setting.auto()))
            .standardize(false)
            .encoding(Setting.of(NumberEncoding.PLAIN))
            .labelSmoothing(Setting.of(0.0))
            .validationFraction(Setting.of(0.0))
            .l2(L2)
            .build();
    Trainer.Outcome outcome = train(settings, Examples.table(SCHEMA, rows));
    float[] parameters = outcome.model().parameters();
    double[] expected = newton(rows);
    for (int i = 0; i < 3; i++) {
      // The loss is flat to 1e-7 of itself within 3e-4 of the minimum.
      assertThat((double) parameters[i]).as("[%d]", i).isCloseTo(expected[i], within(3e-4));
    }
    assertThat(outcome.report().epochs()).isLessThan(20);
    assertThat(outcome.report().plan().epochs()).isEqualTo(100);
    assertThat(outcome.report().plan().batchSize()).isEqualTo(700);
  }

  @Test
  void learnsExclusiveOrAndTheLossNeverRises() {
    Trainer.Outcome outcome =
        train(lbfgs().build(), Examples.table(Examples.CLASSES, Examples.xor(400)));
    assertThat(outcome.report().training().get("accuracy")).isGreaterThan(0.95);
    List<EpochRecord> fit =
        outcome.report().history().stream()
            .filter(epoch -> epoch.phase() == EpochRecord.Phase.FIT)
            .toList();
    for (int i = 1; i < fit.size(); i++) {
      assertThat(fit.get(i).trainLoss())
          .isLessThanOrEqualTo(fit.get(i - 1).trainLoss() * (1 + 2e-7));
      assertThat(fit.get(i).step()).isEqualTo(i + 1);
    }
  }

  @Test
  void trainsEachNetworkOfAnEnsembleDownToItsMinimum() {
    TrainingSettings.Builder settings =
        lbfgs(Map.of("tolerance", 1e-9))
            .refit(Setting.of(false))
            .l2(0.01)
            .selection(Selection.LAST);
    InMemoryTable table = Examples.table(Examples.NUMBERS, Examples.prices(300));
    // A network without hidden layers has one minimum, and members begin apart.
    NetworkSettings linear = network(Setting.auto());
    Trainer.Outcome one = train(settings.network(linear).build(), table);
    Trainer.Outcome three =
        train(settings.network(linear.withEnsembleSize(Setting.of(3))).build(), table);
    float[] expected = one.model().parameters();
    float[] members = three.model().parameters();
    assertThat(members).hasSize(3 * expected.length);
    for (int i = 0; i < members.length; i++) {
      assertThat((double) members[i])
          .as("[%d]", i)
          .isCloseTo(expected[i % expected.length], within(2e-3));
    }
  }

  @Test
  void endsWhenItHasConverged() {
    TrainingSettings rough = lbfgs(Map.of("tolerance", 1e-2)).refit(Setting.of(false)).build();
    TrainingSettings fine = lbfgs(Map.of("tolerance", 1e-5)).refit(Setting.of(false)).build();
    InMemoryTable table = Examples.table(Examples.CLASSES, Examples.xor(400));
    int roughEpochs = train(rough, table).report().epochs();
    assertThat(roughEpochs).isBetween(2, 60);
    assertThat(train(fine, table).report().epochs()).isGreaterThan(roughEpochs);
  }

  @Test
  void stopsByPatienceAndKeepsTheBestEpoch() {
    TrainingSettings settings = lbfgs().patience(3).refit(Setting.of(false)).build();
    var report = train(settings, Examples.table(Examples.CLASSES, Examples.xor(120))).report();
    assertThat(report.epochs()).isLessThan(100);
    assertThat(report.bestEpoch()).isLessThan(report.epochs());
  }

  @Test
  void threadsDoNotChangeABit() {
    List<RawRow> rows = Examples.xor(3000);
    TrainingSettings settings = lbfgs().epochs(Setting.of(6)).build();
    float[] two = train(settings, Examples.table(Examples.CLASSES, rows)).model().parameters();
    var one = new InMemoryTable(Examples.CLASSES, rows, new JavaKernels(), 1);
    assertThat(train(settings, one).model().parameters()).isEqualTo(two);
  }

  @Test
  void divergesOnlyWhereItBegins() {
    Trainer trainer =
        new Trainer(lbfgs().build(), TrainingListener.NONE)
            .startingFrom(
                network -> {
                  float[] parameters = new float[network.parameterCount()];
                  Arrays.fill(parameters, 3e38f);
                  return parameters;
                });
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> trainer.train(Examples.table(Examples.NUMBERS, Examples.prices(50))))
        .satisfies(e -> assertThat(e.step()).isZero());
  }

  private static void assertRefused(TrainingSettings.Builder builder, String message) {
    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
  }

  @Test
  void refusesWhatHasNoMeaningHereBeforeAnyDataAreRead() {
    assertRefused(
        lbfgs().network(network(Setting.of(0.1), 8)),
        "Invalid dropout for lbfgs: 0.1 (must be auto or 0: a line search needs the same loss each time)");
    assertRefused(
        lbfgs().clipping(new GradientClipping(1)),
        "Invalid clip-norm for lbfgs: 1.0 (must be 0: the line search bounds the steps)");
    assertRefused(
        lbfgs()
            .schedule(
                new ScheduleSettings(
                    "step", 10, 0.5, 1, Setting.auto(), 0, ScheduleSettings.Unit.EPOCHS)),
        "Invalid schedule for lbfgs: step (must be left out: the line search finds the step length)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OptimizerSettings("lbfgs", Setting.of(0.1), Map.of()))
        .withMessage(
            "Invalid learning-rate for lbfgs: 0.1 (must be auto: the line search finds the step"
                + " length)");
    assertThat(lbfgs().network(network(Setting.of(0.0), 8)).build().optimizer().key())
        .isEqualTo("lbfgs");
  }

  @Test
  void refusesASmallerBatchAndAStepByOneGradient() {
    InMemoryTable table = Examples.table(Examples.CLASSES, Examples.xor(100));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(lbfgs().batchSize(Setting.of(99)).build(), table))
        .withMessage("Invalid batch-size for lbfgs: 99 (must be auto or at least 100, all rows)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Trainer(lbfgs().build(), TrainingListener.NONE).untrained(table))
        .withMessage(
            "Invalid optimizer: lbfgs (must be one that steps by one gradient: %s)",
            Optimizers.keys());
    int shards =
        train(lbfgs().batchSize(Setting.of(100)).epochs(Setting.of(1)).build(), table)
            .report()
            .plan()
            .shards();
    assertThat(shards).isEqualTo(2);
  }
}
