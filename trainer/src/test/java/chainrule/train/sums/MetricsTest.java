package chainrule.train.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.InputLayout;
import chainrule.data.LabelEncoding;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Slice;
import chainrule.nn.Activation;
import chainrule.nn.BinaryCrossEntropy;
import chainrule.nn.HalfMse;
import chainrule.nn.Loss;
import chainrule.nn.Network;
import chainrule.nn.Poisson;
import chainrule.nn.SoftmaxCrossEntropy;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** {@link Metrics}, {@link MetricSums}, {@link ScoreRanks} and {@link ClassPrediction}. */
class MetricsTest {
  private static final LabelEncoding.Classes THREE =
      LabelEncoding.Classes.of(List.of("a", "b", "c"), false);
  private static final LabelEncoding.Classes TWO =
      LabelEncoding.Classes.of(List.of("no", "yes"), false);

  private static Objective objective(Loss loss, LabelEncoding label, int outputs) {
    return new Objective(
        Network.perceptron(1, List.of(), Activation.TANH, 0, outputs, Activation.IDENTITY),
        loss,
        InputLayout.dense(1),
        label);
  }

  /** Rows of outputs, targets and weights, summed in two parts. */
  private static Metrics metrics(
      Objective objective, float[][] outputs, float[] targets, float[] weights, int cut) {
    MetricSums left = MetricSums.of(objective, true);
    MetricSums right = MetricSums.of(objective, true);
    add(left, objective, outputs, targets, weights, 0, cut);
    add(right, objective, outputs, targets, weights, cut, weights.length);
    left.merge(sent(right, objective));
    assertThat(left.rows()).isEqualTo(weights.length);
    return left.metrics(objective.label());
  }

  /** Returns the sums as another JVM receives them. */
  private static MetricSums sent(MetricSums sums, Objective objective) {
    var bytes = new ByteArrayOutputStream();
    try {
      sums.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer received = ByteBuffer.wrap(bytes.toByteArray());
    MetricSums read = MetricSums.read(objective, true, received);
    assertThat(received.hasRemaining()).isFalse();
    return read;
  }

  @Test
  void refusesSumsThatAreCutOrSayTheyAreHuge() {
    Objective objective = objective(new BinaryCrossEntropy(0), TWO, 1);
    var bytes = new ByteArrayOutputStream();
    try {
      MetricSums.of(objective, true).write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] whole = bytes.toByteArray();
    assertThatThrownBy(
            () -> MetricSums.read(objective, true, ByteBuffer.wrap(whole, 0, whole.length - 1)))
        .isInstanceOf(BufferUnderflowException.class);
    // The last number is the length of the list of scores.
    byte[] huge = whole.clone();
    huge[huge.length - 4] = 0x7f;
    assertThatThrownBy(() -> MetricSums.read(objective, true, ByteBuffer.wrap(huge)))
        .isInstanceOf(BufferUnderflowException.class);
  }

  private static void add(
      MetricSums sums,
      Objective objective,
      float[][] outputs,
      float[] targets,
      float[] weights,
      int from,
      int to) {
    Matrix part = Matrix.zeros(to - from, outputs[0].length);
    for (int i = from; i < to; i++) {
      System.arraycopy(outputs[i], 0, part.array(), (i - from) * part.columns(), part.columns());
    }
    int width = objective.label().count();
    Matrix partTargets =
        Slice.of(targets).part(from * width, (to - from) * width).asMatrix(to - from, width);
    sums.add(objective, part, partTargets, Slice.of(weights).part(from, to - from));
  }

  private static float[] weights(RandomStream random, int rows) {
    float[] weights = new float[rows];
    for (int i = 0; i < rows; i++) {
      weights[i] = random.nextInt(5) == 0 ? 0 : (float) random.nextDouble();
    }
    weights[0] = 1;
    return weights;
  }

  @Property(tries = 100)
  void agreesWithTheFormulasOfClassification(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 30) int rows) {
    var random = new RandomStream(seed);
    float[][] logits = new float[rows][3];
    float[] targets = new float[rows];
    float[] weights = weights(random, rows);
    double all = 0;
    double right = 0;
    double logLoss = 0;
    double[][] confusion = new double[3][3];
    for (int i = 0; i < rows; i++) {
      targets[i] = random.nextInt(3);
      double powers = 0;
      int best = 0;
      for (int c = 0; c < 3; c++) {
        logits[i][c] = (float) random.nextGaussian();
        powers += Math.exp(logits[i][c]);
        best = logits[i][c] > logits[i][best] ? c : best;
      }
      all += weights[i];
      right += best == targets[i] ? weights[i] : 0;
      logLoss -= weights[i] * Math.log(Math.exp(logits[i][(int) targets[i]]) / powers);
      confusion[(int) targets[i]][best] += weights[i];
    }
    double f1 = 0;
    int occurring = 0;
    for (int c = 0; c < 3; c++) {
      double actual = confusion[c][0] + confusion[c][1] + confusion[c][2];
      double predicted = confusion[0][c] + confusion[1][c] + confusion[2][c];
      if (actual + predicted > 0) {
        double precision = predicted > 0 ? confusion[c][c] / predicted : 0;
        double recall = actual > 0 ? confusion[c][c] / actual : 0;
        f1 += precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
        occurring++;
      }
    }
    // Label smoothing is for training only: neither loss knows of it.
    Metrics metrics =
        metrics(
            objective(new SoftmaxCrossEntropy(0.1), THREE, 3),
            logits,
            targets,
            weights,
            (int) Math.floorMod(seed, (long) rows));
    assertThat(metrics.values().keySet()).containsExactly("loss", "accuracy", "logLoss", "macroF1");
    assertThat(metrics.rows()).isEqualTo(rows);
    assertThat(metrics.get("accuracy")).isCloseTo(right / all, within(1e-12));
    // Probabilities are floats.
    assertThat(metrics.get("logLoss")).isCloseTo(logLoss / all, within(1e-6));
    assertThat(metrics.get("loss")).isCloseTo(logLoss / all, within(1e-9));
    assertThat(metrics.get("macroF1")).isCloseTo(f1 / occurring, within(1e-12));
  }

  @Property(tries = 100)
  void agreesWithTheFormulasOfRegressionInLabelUnits(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 30) int rows) {
    var random = new RandomStream(seed);
    var scale = new LabelEncoding.Scale(1_000, 20);
    float[][] outputs = new float[rows][1];
    float[] targets = new float[rows];
    float[] weights = weights(random, rows);
    weights[1] = 0.5f;
    double all = 0;
    double mean = 0;
    for (int i = 0; i < rows; i++) {
      outputs[i][0] = (float) random.nextGaussian();
      targets[i] = (float) random.nextGaussian();
      all += weights[i];
      mean += weights[i] * scale.original(targets[i]);
    }
    mean /= all;
    double squares = 0;
    double absolute = 0;
    double total = 0;
    for (int i = 0; i < rows; i++) {
      double label = scale.original(targets[i]);
      double error = scale.original(outputs[i][0]) - label;
      squares += weights[i] * error * error;
      absolute += weights[i] * Math.abs(error);
      total += weights[i] * (label - mean) * (label - mean);
    }
    Metrics metrics =
        metrics(
            objective(new HalfMse(), scale, 1),
            outputs,
            targets,
            weights,
            (int) Math.floorMod(seed, (long) rows));
    assertThat(metrics.values().keySet()).containsExactly("loss", "rmse", "mae", "r2");
    assertThat(metrics.get("rmse")).isCloseTo(Math.sqrt(squares / all), within(1e-9));
    assertThat(metrics.get("mae")).isCloseTo(absolute / all, within(1e-9));
    double r2 = 1 - squares / total;
    assertThat(metrics.get("r2")).isCloseTo(r2, within(1e-7 * (1 + Math.abs(r2))));
    assertThat(metrics.get("loss")).isCloseTo(squares / all / 2 / 400, within(1e-12));
  }

  /** Returns one column of a matrix. */
  private static float[][] column(float[][] matrix, int index) {
    float[][] column = new float[matrix.length][];
    for (int i = 0; i < column.length; i++) {
      column[i] = new float[] {matrix[i][index]};
    }
    return column;
  }

  private static float[] column(float[] values, int width, int index) {
    float[] column = new float[values.length / width];
    for (int i = 0; i < column.length; i++) {
      column[i] = values[i * width + index];
    }
    return column;
  }

  @Property(tries = 100)
  void measuresSeveralLabelsAsEachAloneAndTheirMeans(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 30) int rows,
      @ForAll boolean classification) {
    var random = new RandomStream(seed);
    int count = 3;
    List<LabelEncoding> each =
        classification
            ? List.of(TWO, LabelEncoding.Classes.of(List.of("0", "1"), true), TWO)
            : List.of(
                new LabelEncoding.Scale(1_000, 20),
                new LabelEncoding.Scale(0, 1),
                new LabelEncoding.Scale(-5, 0.1));
    float[][] outputs = new float[rows][count];
    float[] targets = new float[rows * count];
    float[] weights = weights(random, rows);
    for (int i = 0; i < rows; i++) {
      for (int o = 0; o < count; o++) {
        outputs[i][o] = (float) random.nextGaussian();
        targets[i * count + o] = classification ? random.nextInt(2) : (float) random.nextGaussian();
      }
    }
    Loss loss = classification ? new BinaryCrossEntropy(0.1) : new HalfMse();
    int cut = (int) Math.floorMod(seed, (long) rows);
    var several = new LabelEncoding.Several(List.of("a", "b", "c"), each);
    Metrics metrics = metrics(objective(loss, several, count), outputs, targets, weights, cut);

    List<Metrics> alone = new ArrayList<>();
    for (int o = 0; o < count; o++) {
      alone.add(
          metrics(
              objective(loss, each.get(o), 1),
              column(outputs, o),
              column(targets, count, o),
              weights,
              cut));
    }
    assertThat(metrics.get("loss"))
        .isCloseTo(alone.stream().mapToDouble(m -> m.get("loss")).sum(), within(1e-9));
    assertThat(metrics.labels().keySet()).containsExactly("a", "b", "c");
    List<String> same =
        classification ? List.of("accuracy", "logLoss", "auc") : List.of("rmse", "mae", "r2");
    for (int o = 0; o < count; o++) {
      for (String name : same) {
        assertThat(metrics.labels().get(several.names().get(o)).get(name))
            .as("%s of label %d", name, o)
            .isEqualTo(alone.get(o).values().get(name)); // or both NaN
      }
    }
    for (String name : classification ? List.of("logLoss", "auc") : same) {
      double sum = 0;
      for (Metrics own : alone) {
        sum += own.get(name);
      }
      assertThat(metrics.get(name)).isEqualTo(Double.valueOf(sum / count)); // or both NaN
    }
    if (classification) {
      assertMultiLabel(metrics, outputs, targets, weights);
    }
  }

  /** Subset accuracy, Hamming loss and F1 by their definitions. */
  private static void assertMultiLabel(
      Metrics metrics, float[][] logits, float[] targets, float[] weights) {
    assertThat(metrics.values().keySet())
        .containsExactly("loss", "subsetAccuracy", "hammingLoss", "logLoss", "macroF1", "auc");
    double all = 0;
    double subset = 0;
    double wrong = 0;
    double[] hits = new double[3];
    double[] both = new double[3];
    for (int i = 0; i < weights.length; i++) {
      int errors = 0;
      for (int o = 0; o < 3; o++) {
        boolean has = targets[3 * i + o] == 1;
        boolean predicted = logits[i][o] > 0;
        errors += has != predicted ? 1 : 0;
        hits[o] += has && predicted ? weights[i] : 0;
        both[o] += has ? weights[i] : 0;
        both[o] += predicted ? weights[i] : 0;
      }
      all += weights[i];
      subset += errors == 0 ? weights[i] : 0;
      wrong += (double) weights[i] * errors / 3;
    }
    double f1 = 0;
    for (int o = 0; o < 3; o++) {
      f1 += both[o] > 0 ? 2 * hits[o] / both[o] / 3 : 0;
    }
    assertThat(metrics.get("subsetAccuracy")).isCloseTo(subset / all, within(1e-12));
    assertThat(metrics.get("hammingLoss")).isCloseTo(wrong / all, within(1e-12));
    assertThat(metrics.get("macroF1")).isCloseTo(f1, within(1e-12));
  }

  @Test
  void keepsTheScoresOfManyLabelsToFewerBits() {
    for (int labels : new int[] {1, 16, 1000, 1_000_000}) {
      var ranks = new ScoreRanks(labels);
      ranks.add(1f, true, 1);
      ranks.add(1.0001f, false, 1);
      assertThat(ranks.areaUnderCurve()).as("%d labels", labels).isEqualTo(labels > 16 ? 0.5 : 0);
      ranks.add(2f, false, 2);
      ranks.add(-2f, false, 1);
      assertThat(ranks.areaUnderCurve()).isEqualTo(labels > 16 ? 0.375 : 0.25);
    }
  }

  @Test
  void findsTheVarianceOfLabelsFarFromZero() {
    var scale = new LabelEncoding.Scale(0, 1);
    float[][] outputs = {{1e7f}, {1e7f + 1}, {1e7f + 2}, {1e7f + 4}};
    float[] targets = {1e7f, 1e7f + 1, 1e7f + 2, 1e7f + 3};
    Objective objective = objective(new HalfMse(), scale, 1);
    // Mean squared error ¼, variance 5/4.
    assertThat(metrics(objective, outputs, targets, new float[] {1, 1, 1, 1}, 1).get("r2"))
        .isCloseTo(0.8, within(1e-12));
  }

  @Test
  void callsR2ZeroWhereLabelsDoNotVary() {
    Objective objective = objective(new HalfMse(), new LabelEncoding.Scale(0, 1), 1);
    float[] targets = {0.3f, 0.3f, 0.3f};
    float[][] outputs = {{0}, {1}, {0.3f}};
    for (int cut = 0; cut <= 3; cut++) {
      assertThat(metrics(objective, outputs, targets, new float[] {1, 2, 0.7f}, cut).get("r2"))
          .isZero();
    }
  }

  @Test
  void measuresCountsByTheRateThatThePoissonLossPredicts() {
    Objective objective = objective(new Poisson(), new LabelEncoding.Scale(0, 1), 1);
    Metrics metrics =
        metrics(
            objective,
            new float[][] {{(float) Math.log(2)}, {(float) Math.log(5)}},
            new float[] {3, 5},
            new float[] {1, 1},
            1);
    assertThat(metrics.get("mae")).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void takesTwoClassesByOneLogitOrByTwoAlike() {
    float[] targets = {0, 1, 1, 0, 1};
    float[] weights = {1, 1, 2, 1, 1};
    float[][] one = {{-1}, {2}, {-0.5f}, {0.5f}, {1}};
    float[][] two = new float[5][];
    for (int i = 0; i < 5; i++) {
      two[i] = new float[] {3, 3 + one[i][0]};
    }
    Metrics binary =
        metrics(objective(new BinaryCrossEntropy(0.1), TWO, 1), one, targets, weights, 2);
    Metrics softmax =
        metrics(objective(new SoftmaxCrossEntropy(0.1), TWO, 2), two, targets, weights, 2);
    assertThat(binary.values().keySet())
        .containsExactly("loss", "accuracy", "logLoss", "macroF1", "auc");
    binary
        .values()
        .forEach((name, value) -> assertThat(softmax.get(name)).isCloseTo(value, within(1e-6)));
    assertThat(binary.get("accuracy")).isEqualTo(0.5);
    // Pairs by weight: of 4 · 2, those above are 1 · (1 + 2 + 1) and 1 · (1 + 1).
    assertThat(binary.get("auc")).isEqualTo(6.0 / 8);
  }

  @Test
  void boundsTheLogLossOfAClassPredictedAsImpossible() {
    Metrics metrics =
        metrics(
            objective(new SoftmaxCrossEntropy(0), THREE, 3),
            new float[][] {{1_000, 0, 0}},
            new float[] {1},
            new float[] {1},
            0);
    assertThat(metrics.get("logLoss")).isCloseTo(-Math.log(Float.MIN_NORMAL), within(1e-9));
    assertThat(metrics.get("loss")).isCloseTo(1_000, within(1e-9));
  }

  @Test
  void refusesToMeasureNothing() {
    Objective objective = objective(new HalfMse(), new LabelEncoding.Scale(0, 1), 1);
    MetricSums sums = MetricSums.of(objective, true);
    assertThat(sums.loss()).isNaN();
    assertThatIllegalStateException()
        .isThrownBy(() -> sums.metrics(objective.label()))
        .withMessage("Cannot compute metrics: the rows weigh 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sums.merge(MetricSums.of(objective(new HalfMse(), THREE, 3), true)))
        .withMessage("Invalid number of classes: 3 (must be 0)");
  }

  @Test
  void findsMetricsByName() {
    Metrics metrics = Metrics.none().with("loss", 1).with("r2", 2);
    assertThat(metrics.get("r2")).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.get("auc"))
        .withMessage("Invalid metric: auc (must be one of [loss, r2])");
  }

  private record Scored(float score, boolean positive, double weight) {}

  @Property(tries = 200)
  void givesTheAreaUnderTheCurveByItsDefinition(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 5) int parts) {
    var random = new RandomStream(seed);
    List<Scored> all = new ArrayList<>();
    List<ScoreRanks> split = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      split.add(new ScoreRanks(1));
    }
    for (int i = 0; i < rows; i++) {
      // Ties, both zeros, infinities; whole weights, so that sums are exact in any order.
      float score =
          switch (random.nextInt(9)) {
            case 0 -> 0f;
            case 1 -> -0f;
            case 2 -> Float.NEGATIVE_INFINITY;
            case 3 -> Float.POSITIVE_INFINITY;
            case 4 -> -1e-40f;
            default -> random.nextInt(11) - 5;
          };
      var row = new Scored(score, random.nextInt(2) == 1, random.nextInt(4));
      all.add(row);
      split.get(random.nextInt(parts)).add(row.score, row.positive, row.weight);
    }
    double area = 0;
    double pairs = 0;
    for (Scored a : all) {
      for (Scored b : all) {
        if (a.positive && !b.positive) {
          double share = a.score > b.score ? 1 : a.score == b.score ? 0.5 : 0;
          area += a.weight * b.weight * share;
          pairs += a.weight * b.weight;
        }
      }
    }
    ScoreRanks merged = split.get(0);
    split.subList(1, parts).forEach(merged::merge);
    assertThat(merged.areaUnderCurve()).isEqualTo(Double.valueOf(area / pairs)); // or both NaN
  }

  @Test
  void takesScoresForTiedThatAgreeIn16Bits() {
    var ranks = new ScoreRanks(1);
    ranks.add(1f, true, 1);
    ranks.add(Math.nextUp(1f), false, 1);
    assertThat(ranks.areaUnderCurve()).isEqualTo(0.5);
    ranks.add(1.0001f, false, 1);
    assertThat(ranks.areaUnderCurve()).isEqualTo(0.25);
    var one = new ScoreRanks(1);
    one.add(1, true, 1);
    assertThat(one.areaUnderCurve()).isNaN();
  }

  @Test
  void namesTheClassWithTheGreatestPrediction() {
    Matrix predictions = Matrix.of(3, 3, 0.2f, 0.4f, 0.4f, 0.5f, 0.3f, 0.2f, 0, 0, 1);
    assertThat(ClassPrediction.classOf(predictions, 0)).isEqualTo(1);
    assertThat(ClassPrediction.classOf(predictions, 1)).isEqualTo(0);
    assertThat(ClassPrediction.classOf(predictions, 2)).isEqualTo(2);
    Matrix single = Matrix.of(3, 1, 0.5f, 0.51f, 1.2f);
    assertThat(ClassPrediction.classOf(single, 0)).isEqualTo(0);
    assertThat(ClassPrediction.classOf(single, 1)).isEqualTo(1);
    assertThat(ClassPrediction.probability(single, 0, 0)).isEqualTo(0.5);
    assertThat(ClassPrediction.probability(single, 2, 1)).isEqualTo(1);
    assertThat(ClassPrediction.probability(single, 2, 0)).isEqualTo(0);
  }

  @Test
  void makesProbabilitiesOfPredictionsThatAreNone() {
    Matrix predictions = Matrix.of(2, 3, -0.5f, 0.5f, 1.5f, -1, -2, 0);
    assertThat(ClassPrediction.probability(predictions, 0, 0)).isZero();
    assertThat(ClassPrediction.probability(predictions, 0, 2)).isEqualTo(0.75);
    assertThat(ClassPrediction.probability(predictions, 1, 2)).isEqualTo(1.0 / 3);
  }
}
