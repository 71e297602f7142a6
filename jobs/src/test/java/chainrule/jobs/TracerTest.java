package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.nn.Dense;
import chainrule.nn.Embedding;
import chainrule.nn.HalfMse;
import chainrule.nn.LayerNorm;
import chainrule.nn.Network;
import chainrule.nn.Residual;
import chainrule.nn.SoftmaxCrossEntropy;
import chainrule.optim.Constant;
import chainrule.optim.Sgd;
import chainrule.train.TrainedModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracerTest {
  private static final List<Encoder.Numeric> PLAIN_NUMBERS =
      List.of(
          new Encoder.Numeric("x1", 0, 1, 0, false, false),
          new Encoder.Numeric("x2", 0, 1, 0, false, false));

  private static TrainedModel neuron() {
    return new TrainedModel(
        new Schema(List.of(Column.numeric("x1"), Column.numeric("x2")), Column.numeric("y"), ""),
        new Encoder(PLAIN_NUMBERS, List.of(), new LabelEncoding.Scale(0, 1)),
        new Network(List.of(new Dense(2, 1, Activation.SIGMOID))),
        new HalfMse(),
        new float[] {0.1f, 0.2f, 0.1f});
  }

  @Test
  void showsTheTextbooksExampleValueByValue() {
    var tracer = new Tracer(neuron(), new Sgd(new Constant(0.01)), new JavaKernels());
    RawRow row = RawRow.withNumericLabel(new double[] {1, 2}, new String[0], 0.5, 1);

    // By hand: σ(0.6) = 0.645656, ½·0.145656² = 0.0106079, σ'(0.6) = 0.645656·0.354344 = 0.228784.
    assertThat(tracer.trace(row))
        .containsExactly(
            "  X      the row, encoded                  = [1, 2]   (1 × 2)",
            "  y      the label, as encoded             = 0.5",
            "",
            "Forward, layer 0: dense, 2 to 1",
            "  W      weights                           = [0.1, 0.2]   (2 × 1)",
            "  b      bias                              = 0.1",
            "  Z      X · W + b                         = 0.6",
            "  A      sigmoid(Z)                        = 0.645656",
            "",
            "Loss, half-mse",
            "  L      ½ Σ (A - y)²                      = 0.0106079",
            "  ∂L/∂A  its derivative                    = 0.145656",
            "",
            "Backward, layer 0: dense, 2 to 1",
            "  ∂L/∂A  from the layer above              = 0.145656",
            "  σ'(Z)  derivative of sigmoid             = 0.228784",
            "  ∂L/∂Z  ∂L/∂A ⊙ σ'(Z)                     = 0.0333239",
            "  ∂L/∂W  Xᵀ · ∂L/∂Z                        = [0.0333239, 0.0666477]   (2 × 1)",
            "  ∂L/∂b  Σ ∂L/∂Z over the rows             = 0.0333239",
            "",
            "Update, sgd, learning rate 0.01",
            "  W'     new weights, layer 0              = [0.0996668, 0.199334]   (2 × 1)",
            "  b'     new bias, layer 0                 = 0.0996668");
  }

  // By hand: of [1, T] = [1, 3] Z = [4, 2] with mean 3 and deviation 1; X̂ = [1, -1], of which relu
  // leaves [1, 0]. The block adds [1, 0] · W = [1, 0] to it: [2, 0]. y = 2, so the loss is 0.5 at
  // 1.
  @Test
  void showsEmbeddingsNormalizationAndBlocks() {
    var encoder =
        new Encoder(
            PLAIN_NUMBERS.subList(0, 1),
            List.of(new Encoder.Categorical("c", List.of("p", "q"), true)),
            new LabelEncoding.Scale(0, 1));
    var block = new Residual(List.of(new Dense(2, 2, Activation.IDENTITY)));
    var network =
        new Network(
            List.of(
                new Embedding(1, List.of(3), 1),
                new Dense(2, 2, Activation.IDENTITY),
                new LayerNorm(2, Activation.RELU),
                block,
                new Dense(2, 1, Activation.IDENTITY)));
    var model =
        new TrainedModel(
            new Schema(
                List.of(Column.numeric("x1"), Column.categorical("c")), Column.numeric("y"), ""),
            encoder,
            network,
            new HalfMse(),
            new float[] {7, 3, 0, 1, 2, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0});
    RawRow row = RawRow.withNumericLabel(new double[] {1}, new String[] {"q"}, 1, 1);
    List<String> lines = new Tracer(model, new Sgd(new Constant(1)), new JavaKernels()).trace(row);
    assertThat(lines)
        .containsSubsequence(
            "Forward, embeddings",
            "  T0     row 1 of 3                        = 3",
            "  A      X with rows for indices           = [1, 3]   (1 × 2)",
            "Forward, layer 0: dense, 2 to 2",
            "  A      identity(Z)                       = [4, 2]   (1 × 2)",
            "Forward, normalization of layer 0",
            "  X̂     (X - mean) / deviation            = [0.999995, -0.999995]   (1 × 2)",
            "  A      relu(g ⊙ X̂ + b)                  = [0.999995, 0]   (1 × 2)",
            "Forward, layer 1: dense, 2 to 2",
            "Forward, residual block",
            "  A      X + F(X), the layers' outputs     = [1.99999, 0]   (1 × 2)",
            "Forward, layer 2: dense, 2 to 1",
            "Backward, layer 2: dense, 2 to 1",
            "  ∂L/∂X  ∂L/∂Z · Wᵀ                        = [0.99999, 0.99999]   (1 × 2)",
            "Backward, layer 1: dense, 2 to 2",
            "Backward, residual block",
            "  ∂L/∂X  ∂L/∂A + gradient through F        = [1.99998, 1.99998]   (1 × 2)",
            "Backward, normalization of layer 0",
            "  ∂L/∂Z  ∂L/∂A ⊙ σ'(Z)                     = [1.99998, 0]   (1 × 2)",
            "Backward, layer 0: dense, 2 to 2",
            "Backward, embeddings",
            "  g'     new gain after layer 0            = [-0.99997, 1]   (1 × 2)");
  }

  @Test
  void showsTheTargetsOfSeveralLabels() {
    var scale = new LabelEncoding.Scale(0, 1);
    var model =
        new TrainedModel(
            new Schema(
                neuron().schema().features(),
                List.of(Column.numeric("y"), Column.numeric("z")),
                ""),
            new Encoder(
                PLAIN_NUMBERS,
                List.of(),
                new LabelEncoding.Several(List.of("y", "z"), List.of(scale, scale))),
            new Network(List.of(new Dense(2, 2, Activation.IDENTITY))),
            new HalfMse(),
            new float[6]);
    RawRow row =
        RawRow.withLabels(
            new double[] {1, 2}, new String[0], new double[] {0.5, -2}, new String[] {"", ""}, 1);
    assertThat(new Tracer(model, new Sgd(new Constant(1)), new JavaKernels()).trace(row))
        .contains(
            "  y      the labels, as encoded            = [0.5, -2]   (1 × 2)",
            "  L      ½ Σ (A - y)²                      = 2.125",
            "  ∂L/∂A  its derivative                    = [-0.5, 2]   (1 × 2)");
  }

  @Test
  void leavesTheMiddleOfLargeMatricesOutAndNumbersDenseLayersAlone() {
    var encoder =
        new Encoder(
            PLAIN_NUMBERS, List.of(), LabelEncoding.Classes.of(List.of("a", "b", "c"), false));
    Network network =
        Network.perceptron(2, List.of(12), Activation.RELU, 0.5, 3, Activation.IDENTITY);
    var model =
        new TrainedModel(
            neuron().schema(),
            encoder,
            network,
            new SoftmaxCrossEntropy(0),
            new float[network.parameterCount()]);
    RawRow row = RawRow.withTextLabel(new double[] {1, 2}, new String[0], "b", 1);

    List<String> lines = new Tracer(model, new Sgd(new Constant(1)), new JavaKernels()).trace(row);

    assertThat(lines)
        .contains(
            "  y      the class \"b\"                     = 1",
            "Forward, layer 1: dense, 12 to 3",
            "  A      relu(Z)                           = [0, 0, 0, 0, 0, 0, 0, 0, …]   (1 × 12)",
            "           …")
        // Logits of zeros: each class has a third, so the loss is ln 3.
        .contains("  L      -Σ y·log softmax(A)               = 1.09861");
  }
}
