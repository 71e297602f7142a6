package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Block;
import chainrule.data.InputLayout;
import chainrule.data.MiniBatch;
import chainrule.data.PackedRows;
import chainrule.math.JavaKernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackpropagationTest {
  private static final JavaKernels KERNELS = new JavaKernels();

  /** Farther from any kink than float rounding or the step of a difference could reach. */
  private static final double CLEAR_OF_KINKS = 1e-3;

  /** What is trained, and the shapes it is tried in. */
  private record Case(
      Activation hidden, Activation output, Loss loss, boolean normalized, boolean residual) {
    Case(Activation hidden, Activation output, Loss loss) {
      this(hidden, output, loss, false, false);
    }

    boolean classes(int outputs) {
      return loss instanceof SoftmaxCrossEntropy
          || loss instanceof BinaryCrossEntropy
          || (loss instanceof HalfMse && outputs > 2);
    }

    /** Returns a number of outputs that the loss takes. */
    int outputs(int wished) {
      if (loss instanceof BinaryCrossEntropy) {
        return 1;
      }
      return loss instanceof SoftmaxCrossEntropy ? Math.max(2, wished) : wished;
    }
  }

  private static final List<Loss> LOSSES =
      List.of(
          new HalfMse(),
          new Huber(0.4),
          new Mae(),
          new Poisson(),
          new BinaryCrossEntropy(0),
          new BinaryCrossEntropy(0.1),
          new SoftmaxCrossEntropy(0),
          new SoftmaxCrossEntropy(0.1));

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Activation hidden : Activation.values()) {
      if (hidden.isElementwise()) {
        LOSSES.forEach(loss -> cases.add(new Case(hidden, Activation.IDENTITY, loss)));
      }
    }
    for (Activation output : Activation.values()) {
      if (output != Activation.IDENTITY) {
        cases.add(new Case(Activation.TANH, output, new HalfMse()));
      }
    }
    for (Activation hidden : Activation.values()) {
      if (hidden.isElementwise()) {
        Loss loss = new SoftmaxCrossEntropy(0.1);
        cases.add(new Case(hidden, Activation.IDENTITY, loss, true, false));
        cases.add(new Case(hidden, Activation.IDENTITY, loss, false, true));
        cases.add(new Case(hidden, Activation.IDENTITY, new HalfMse(), true, true));
      }
    }
    return cases;
  }

  /** A network, its parameters, and rows for it; the same values in float and in double. */
  private static final class Sample {
    final Network network;
    final NaiveNetwork naive;
    final Loss loss;
    final float[] parameters;
    final float[][] rows;
    final float[][] targets;
    final float[] weights;

    private Sample(Case what, int rowCount, int[] widths, long seed) {
      List<Integer> hidden = IntStream.of(widths).boxed().toList().subList(1, widths.length - 1);
      int outputs = widths[widths.length - 1];
      loss = what.loss;
      var layers = new HiddenLayers(hidden, what.hidden, 0, what.normalized, what.residual);
      network = Network.perceptron(widths[0], layers, outputs, what.output);
      var extras = new NaiveNetwork.Extras(what.normalized, what.residual, List.of(), 0);
      naive = new NaiveNetwork(widths, what.hidden, what.output, loss, extras);
      var random = new RandomStream(seed);
      parameters = network.initialParameters(Initializer.GLOROT, seed);
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] += (float) (0.1 * random.nextGaussian()); // so that biases are not 0
      }
      boolean classes = what.classes(outputs);
      rows = new float[rowCount][widths[0]];
      targets = new float[rowCount][classes ? 1 : outputs];
      weights = new float[rowCount];
      for (int r = 0; r < rowCount; r++) {
        for (int i = 0; i < widths[0]; i++) {
          rows[r][i] = (float) random.nextGaussian();
        }
        for (int o = 0; o < targets[r].length; o++) {
          double count = loss instanceof Poisson ? random.nextInt(4) : random.nextGaussian();
          targets[r][o] = classes ? random.nextInt(Math.max(2, outputs)) : (float) count;
        }
        weights[r] = r % 5 == 3 ? 0 : (float) (0.25 + random.nextDouble());
      }
    }

    static Sample of(Case what, int rowCount, int[] widths) {
      for (long seed = 1; ; seed++) {
        Sample sample = new Sample(what, rowCount, widths, seed);
        double distance =
            sample.naive.distanceToKinks(
                doubles(sample.parameters), doubles(sample.rows), doubles(sample.targets));
        if (distance > CLEAR_OF_KINKS) {
          return sample;
        }
      }
    }

    MiniBatch batch(int from, int to) {
      return batch(rows, targets, weights, from, to);
    }

    static MiniBatch batch(float[][] rows, float[][] targets, float[] weights, int from, int to) {
      int width = rows[0].length;
      int targetWidth = targets[0].length;
      Block.Builder block = Block.builder(Block.Part.TRAINING, rows.length, width, targetWidth);
      for (int r = 0; r < rows.length; r++) {
        block.add(rows[r], targets[r], weights[r]);
      }
      var packed = new PackedRows(InputLayout.dense(width), 4096, List.of(block.build()));
      var batch = new MiniBatch(rows.length, width, targetWidth);
      batch.gather(packed, IntStream.range(0, rows.length).toArray(), from, to);
      return batch;
    }

    double lossSum(double[] moved) {
      return naive.lossSum(moved, doubles(rows), doubles(targets), doubles(weights));
    }

    double[] naiveGradient() {
      return naive.gradient(doubles(parameters), doubles(rows), doubles(targets), doubles(weights));
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static double[][] doubles(float[][] values) {
    return Arrays.stream(values).map(BackpropagationTest::doubles).toArray(double[][]::new);
  }

  /** Shapes by hand, awkward ones, and some at random: widths from inputs to outputs. */
  private static List<Sample> samples(Case what) {
    var random = new RandomStream(Seeds.mix(1, what.toString().length()));
    List<int[]> shapes = new ArrayList<>();
    shapes.add(new int[] {1, 1, 1});
    shapes.add(new int[] {1, 3, 1});
    shapes.add(new int[] {9, 5, 4, 3});
    shapes.add(new int[] {13, 7});
    if (what.normalized || what.residual) {
      shapes.add(new int[] {5, 1, 1, 1, 2});
      shapes.add(new int[] {4, 7, 7, 7, 2});
      shapes.add(new int[] {6, 6, 6, 5, 5, 1}); // no skip past the first layer
    }
    for (int i = 0; i < 4; i++) {
      int[] widths = new int[2 + random.nextInt(4)];
      for (int j = 0; j < widths.length; j++) {
        widths[j] = 1 + random.nextInt(7);
      }
      shapes.add(widths);
    }
    List<Sample> samples = new ArrayList<>();
    for (int[] widths : shapes) {
      int last = widths.length - 1;
      widths[last] = what.outputs(widths[last]);
      for (int rows : new int[] {1, 2 + random.nextInt(12)}) {
        samples.add(Sample.of(what, rows, widths));
      }
    }
    return samples;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheGradientAndLossOfTheFormulas(Case what) {
    for (Sample sample : samples(what)) {
      var pass = new Backpropagation(sample.network, sample.loss, KERNELS, sample.rows.length);
      float[] gradient = new float[sample.parameters.length];
      double lossSum =
          pass.addGradient(sample.parameters, sample.batch(0, sample.rows.length), 0, 0, gradient);
      double expectedLoss = sample.lossSum(doubles(sample.parameters));
      assertThat(lossSum).isCloseTo(expectedLoss, within(1e-5 * (1 + Math.abs(expectedLoss))));
      double[] expected = sample.naiveGradient();
      // Relative to the longest part of the gradient: a part may come out near 0 by cancellation.
      double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) gradient[i])
            .as("parameter %d of %s", i, sample.network)
            .isCloseTo(expected[i], within(1e-5 * Math.max(scale, 0.01)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void comparesWithAReferenceWhoseGradientIsThatOfItsLoss(Case what) {
    // Cube root of a double's machine epsilon: rounding and truncation error are then about equal.
    double h = 6e-6;
    for (Sample sample : samples(what)) {
      double[] parameters = doubles(sample.parameters);
      double[] gradient = sample.naiveGradient();
      for (int i = 0; i < parameters.length; i++) {
        double expected =
            (sample.lossSum(moved(parameters, i, h)) - sample.lossSum(moved(parameters, i, -h)))
                / (2 * h);
        // Differences of losses up to 100 are good to 1e-14 / h, and the third derivative to h².
        assertThat(gradient[i])
            .as("parameter %d of %s", i, sample.network)
            .isCloseTo(expected, within(1e-7 * (1 + Math.abs(expected))));
      }
    }
  }

  /** Two embedded categories behind three numbers, with everything else there is. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 12})
  void givesTheGradientThroughEmbeddings(int rowCount) {
    var embedding = new Embedding(3, List.of(4, 1), 2);
    var hidden = new HiddenLayers(List.of(5, 5, 3), Activation.SILU, 0, true, true);
    var loss = new HalfMse();
    Network network = Network.perceptron(7, hidden, 2, Activation.IDENTITY).behind(embedding);
    var extras = new NaiveNetwork.Extras(true, true, embedding.rows(), 2);
    int[] widths = {7, 5, 5, 3, 2};
    var naive = new NaiveNetwork(widths, Activation.SILU, Activation.IDENTITY, loss, extras);
    float[] parameters = network.initialParameters(Initializer.GLOROT, 4);
    var random = new RandomStream(rowCount);
    float[][] rows = new float[rowCount][5];
    float[][] targets = new float[rowCount][2];
    float[] weights = new float[rowCount];
    for (int r = 0; r < rowCount; r++) {
      for (int i = 0; i < 3; i++) {
        rows[r][i] = (float) random.nextGaussian();
      }
      rows[r][3] = random.nextInt(4);
      targets[r][0] = (float) random.nextGaussian();
      weights[r] = (float) (0.25 + random.nextDouble());
    }
    float[] gradient = new float[parameters.length];
    new Backpropagation(network, loss, KERNELS, rowCount)
        .addGradient(parameters, Sample.batch(rows, targets, weights, 0, rowCount), 0, 0, gradient);
    double[] exact = doubles(parameters);
    double[] expected = naive.gradient(exact, doubles(rows), doubles(targets), doubles(weights));
    double h = 6e-6;
    for (int i = 0; i < exact.length; i++) {
      assertThat((double) gradient[i])
          .as("[%d]", i)
          .isCloseTo(expected[i], within(1e-5 * (1 + Math.abs(expected[i]))));
      double above =
          naive.lossSum(moved(exact, i, h), doubles(rows), doubles(targets), doubles(weights));
      double below =
          naive.lossSum(moved(exact, i, -h), doubles(rows), doubles(targets), doubles(weights));
      // Third derivatives, by which differences err, are large where units are nearly alike.
      assertThat(expected[i])
          .isCloseTo((above - below) / (2 * h), within(1e-6 * (1 + Math.abs(expected[i]))));
    }
  }

  @Test
  void drawsTheSameMasksInABlockWhereverTheBatchIsSplit() {
    var hidden = new HiddenLayers(List.of(6, 6), Activation.TANH, 0.3, true, true);
    Network network = Network.perceptron(5, hidden, 3, Activation.IDENTITY);
    Sample sample = sample(new SoftmaxCrossEntropy(0));
    float[] parameters = network.initialParameters(Initializer.HE, 1);
    var pass = new Backpropagation(network, sample.loss, KERNELS, 11);
    float[] whole = new float[parameters.length];
    float[] parts = new float[parameters.length];
    pass.addGradient(parameters, sample.batch(0, 11), 4, 100, whole);
    pass.addGradient(parameters, sample.batch(0, 3), 4, 100, parts);
    pass.addGradient(parameters, sample.batch(3, 11), 4, 103, parts);
    for (int i = 0; i < whole.length; i++) {
      assertThat(parts[i]).isCloseTo(whole[i], within(3e-6f * (1 + Math.abs(whole[i]))));
    }
    float[] undropped = new float[parameters.length];
    var plain = new HiddenLayers(List.of(6, 6), Activation.TANH, 0, true, true);
    new Backpropagation(
            Network.perceptron(5, plain, 3, Activation.IDENTITY), sample.loss, KERNELS, 11)
        .addGradient(parameters, sample.batch(0, 11), 4, 100, undropped);
    assertThat(undropped).isNotEqualTo(whole);
  }

  private static double[] moved(double[] parameters, int index, double by) {
    double[] moved = parameters.clone();
    moved[index] += by;
    return moved;
  }

  private static Stream<Loss> losses() {
    return LOSSES.stream();
  }

  private static Sample sample(Loss loss) {
    int outputs = loss instanceof BinaryCrossEntropy ? 1 : 3;
    return Sample.of(
        new Case(Activation.SILU, Activation.IDENTITY, loss), 11, new int[] {5, 7, 4, outputs});
  }

  @ParameterizedTest
  @MethodSource("losses")
  void addsToTheGradientSoThatTheBatchMayBeSplit(Loss loss) {
    Sample sample = sample(loss);
    float[] whole = new float[sample.parameters.length];
    float[] parts = new float[sample.parameters.length];
    var pass = new Backpropagation(sample.network, loss, KERNELS, 11);
    double lossSum = pass.addGradient(sample.parameters, sample.batch(0, 11), 0, 0, whole);
    double partsSum = pass.addGradient(sample.parameters, sample.batch(0, 4), 0, 0, parts);
    partsSum += pass.addGradient(sample.parameters, sample.batch(4, 11), 0, 0, parts);
    assertThat(partsSum).isCloseTo(lossSum, within(1e-12 * (1 + Math.abs(lossSum))));
    for (int i = 0; i < whole.length; i++) {
      // Sums of eleven floats in another grouping.
      assertThat(parts[i]).isCloseTo(whole[i], within(3e-6f * (1 + Math.abs(whole[i]))));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void countsARowOfWeightTwoAsTwoRows(Loss loss) {
    Sample sample = sample(loss);
    Arrays.fill(sample.weights, 2);
    float[] heavy = new float[sample.parameters.length];
    float[] twice = new float[sample.parameters.length];
    var pass = new Backpropagation(sample.network, loss, KERNELS, 11);
    pass.addGradient(sample.parameters, sample.batch(0, 11), 0, 0, heavy);
    Arrays.fill(sample.weights, 1);
    pass.addGradient(sample.parameters, sample.batch(0, 11), 0, 0, twice);
    pass.addGradient(sample.parameters, sample.batch(0, 11), 0, 0, twice);
    for (int i = 0; i < heavy.length; i++) {
      assertThat(twice[i]).isCloseTo(heavy[i], within(3e-6f * (1 + Math.abs(heavy[i]))));
    }
  }

  @Test
  void givesTheSameBitsWhateverTheCapacityAndThePassBefore() {
    Sample sample = sample(new SoftmaxCrossEntropy(0.1));
    float[] fresh = new float[sample.parameters.length];
    float[] used = new float[sample.parameters.length];
    new Backpropagation(sample.network, sample.loss, KERNELS, 6)
        .addGradient(sample.parameters, sample.batch(0, 6), 0, 0, fresh);
    var pass = new Backpropagation(sample.network, sample.loss, KERNELS, 200);
    pass.addGradient(
        sample.parameters, sample.batch(2, 11), 0, 0, new float[sample.parameters.length]);
    pass.addGradient(sample.parameters, sample.batch(0, 6), 0, 0, used);
    assertThat(used).isEqualTo(fresh);
  }

  @Test
  void addsNothingForNoRows() {
    Sample sample = sample(new HalfMse());
    float[] gradient = new float[sample.parameters.length];
    var pass = new Backpropagation(sample.network, sample.loss, KERNELS, 1);
    assertThat(pass.addGradient(sample.parameters, sample.batch(3, 3), 0, 0, gradient)).isZero();
    assertThat(gradient).containsOnly(0f);
  }

  @Test
  void predictsWhatTheFormulasGive() {
    Sample sample = sample(new HalfMse());
    var pass = new Backpropagation(sample.network, sample.loss, KERNELS, 11);
    Matrix outputs = pass.outputs(sample.parameters, sample.batch(0, 11).inputs());
    for (int r = 0; r < 11; r++) {
      double[] expected = sample.naive.outputs(doubles(sample.parameters), doubles(sample.rows[r]));
      for (int o = 0; o < 3; o++) {
        assertThat((double) outputs.get(r, o)).isCloseTo(expected[o], within(1e-5));
      }
    }
  }

  /** A naive network whose hidden activations are multiplied by the masks that dropout draws. */
  @Test
  void differentiatesThroughTheMaskThatTheForwardPassDrew() {
    int rows = 9;
    var network = Network.perceptron(4, List.of(6), Activation.TANH, 0.4, 1, Activation.IDENTITY);
    float[] parameters = network.initialParameters(Initializer.GLOROT, 3);
    var random = new RandomStream(8);
    float[][] inputs = new float[rows][4];
    float[][] targets = new float[rows][1];
    float[] weights = new float[rows];
    Arrays.fill(weights, 1);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < 4; i++) {
        inputs[r][i] = (float) random.nextGaussian();
      }
    }
    double[][] mask = mask(network, 77, 5, rows);
    double[] exact = doubles(parameters);
    float[] gradient = new float[parameters.length];
    var pass = new Backpropagation(network, new HalfMse(), KERNELS, rows);
    double lossSum =
        pass.addGradient(
            parameters, Sample.batch(inputs, targets, weights, 0, rows), 77, 5, gradient);
    assertThat(lossSum).isCloseTo(maskedLoss(exact, inputs, mask), within(1e-5));
    double h = 6e-6;
    for (int i = 0; i < exact.length; i++) {
      double above = maskedLoss(moved(exact, i, h), inputs, mask);
      double below = maskedLoss(moved(exact, i, -h), inputs, mask);
      assertThat((double) gradient[i]).isCloseTo((above - below) / (2 * h), within(2e-5));
    }
  }

  private static double[][] mask(Network network, long key, int firstRow, int rows) {
    Dropout dropout = (Dropout) network.layers().get(1);
    Matrix ones = Matrix.zeros(rows, dropout.units());
    ones.asSlice().fill(1);
    Matrix masked = Matrix.zeros(rows, dropout.units());
    Pass pass = Pass.training(KERNELS, key, firstRow);
    dropout.forward(pass, network.slice(new float[37], 0, 1), ones, ones, masked);
    double[][] mask = new double[rows][];
    for (int r = 0; r < rows; r++) {
      mask[r] = doubles(masked.row(r).toArray());
    }
    return mask;
  }

  /** ½ Σ (v · (m ⊙ tanh(x · W + b)) + c)²: four inputs, six hidden units, targets 0. */
  private static double maskedLoss(double[] p, float[][] inputs, double[][] mask) {
    double sum = 0;
    for (int r = 0; r < inputs.length; r++) {
      double output = p[36];
      for (int j = 0; j < 6; j++) {
        double z = p[24 + j];
        for (int i = 0; i < 4; i++) {
          z += inputs[r][i] * p[i * 6 + j];
        }
        output += p[30 + j] * mask[r][j] * StrictMath.tanh(z);
      }
      sum += output * output / 2;
    }
    return sum;
  }

  @Test
  void givesTheSameMaskedGradientForABatchSplitAnywhere() {
    var network =
        Network.perceptron(5, List.of(7, 3), Activation.SILU, 0.3, 3, Activation.IDENTITY);
    Sample sample = sample(new SoftmaxCrossEntropy(0));
    float[] parameters = network.initialParameters(Initializer.HE, 1);
    var pass = new Backpropagation(network, sample.loss, KERNELS, 11);
    float[] whole = new float[parameters.length];
    double lossSum = pass.addGradient(parameters, sample.batch(0, 11), 4, 100, whole);
    for (int split = 0; split <= 11; split++) {
      float[] parts = new float[parameters.length];
      double partsSum = pass.addGradient(parameters, sample.batch(0, split), 4, 100, parts);
      partsSum += pass.addGradient(parameters, sample.batch(split, 11), 4, 100 + split, parts);
      assertThat(partsSum).isCloseTo(lossSum, within(1e-12 * (1 + lossSum)));
      for (int i = 0; i < whole.length; i++) {
        assertThat(parts[i]).isCloseTo(whole[i], within(3e-6f * (1 + Math.abs(whole[i]))));
      }
    }
  }

  /** Two members in one network, and each as a network of its own. */
  @ParameterizedTest
  @MethodSource("losses")
  void membersOfAnEnsembleLearnAsIfEachWereAlone(Loss loss) {
    Sample sample = sample(loss);
    Network alone = sample.network;
    Network ensemble = alone.ofMembers(2);
    float[] parameters = ensemble.initialParameters(Initializer.HE, 9);
    float[] gradient = new float[parameters.length];
    MiniBatch batch = sample.batch(0, 11);
    double lossSum =
        new Backpropagation(ensemble, loss, KERNELS, 11)
            .addGradient(parameters, batch, 4, 100, gradient);
    int count = alone.parameterCount();
    double sumOfLosses = 0;
    for (int member = 0; member < 2; member++) {
      float[] own = Arrays.copyOfRange(parameters, member * count, (member + 1) * count);
      float[] ownGradient = new float[count];
      var pass = new Backpropagation(alone, loss, KERNELS, 11);
      sumOfLosses += pass.addGradient(own, batch, 4, 100, ownGradient);
      assertThat(Arrays.copyOfRange(gradient, member * count, (member + 1) * count))
          .isEqualTo(ownGradient);
    }
    assertThat(lossSum).isEqualTo(sumOfLosses / 2);
  }

  @Test
  void dropsOtherUnitsInEachMember() {
    var network = Network.perceptron(5, List.of(30), Activation.SILU, 0.5, 1, Activation.IDENTITY);
    float[] one = network.initialParameters(Initializer.HE, 1);
    float[] twice = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, twice, one.length, one.length);
    Sample sample = sample(new HalfMse());
    float[][] targets = new float[11][1];
    MiniBatch batch = Sample.batch(sample.rows, targets, sample.weights, 0, 11);
    float[] gradient = new float[twice.length];
    new Backpropagation(network.ofMembers(2), new HalfMse(), KERNELS, 11)
        .addGradient(twice, batch, 4, 100, gradient);
    assertThat(Arrays.copyOfRange(gradient, one.length, twice.length))
        .isNotEqualTo(Arrays.copyOf(gradient, one.length));
  }

  @Test
  void anEnsemblePredictsTheMeanOfItsMembers() {
    Sample sample = sample(new BinaryCrossEntropy(0));
    Network ensemble = sample.network.ofMembers(3);
    float[] parameters = ensemble.initialParameters(Initializer.HE, 9);
    Matrix inputs = sample.batch(0, 11).inputs();
    Matrix outputs =
        new Backpropagation(ensemble, sample.loss, KERNELS, 11).outputs(parameters, inputs);
    int count = sample.network.parameterCount();
    var alone = new Backpropagation(sample.network, sample.loss, KERNELS, 11);
    double[] probability = new double[11];
    for (int m = 0; m < 3; m++) {
      float[] own = Arrays.copyOfRange(parameters, m * count, (m + 1) * count);
      Matrix logits = alone.outputs(own, inputs);
      for (int r = 0; r < 11; r++) {
        probability[r] += 1 / (1 + StrictMath.exp(-logits.get(r, 0))) / 3;
      }
    }
    for (int r = 0; r < 11; r++) {
      double expected = StrictMath.log(probability[r] / (1 - probability[r]));
      assertThat((double) outputs.get(r, 0)).isCloseTo(expected, within(1e-5));
    }
  }
}
