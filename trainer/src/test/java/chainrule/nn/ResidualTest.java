package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chainrule.math.JavaKernels;
import chainrule.math.Matrix;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gradients are compared in {@link BackpropagationTest}. */
class ResidualTest {
  private static final Dense DENSE = new Dense(2, 2, Activation.RELU);

  @Test
  void addsWhatItsLayersMakeOfTheInputs() {
    var block = new Residual(List.of(DENSE));
    Matrix a = Matrix.zeros(2, 2);
    block.forward(
        Pass.evaluation(new JavaKernels()),
        Slice.of(1, 0, 0, 10, 0, 1),
        Matrix.of(2, 2, 3, 4, -5, 6),
        Matrix.zeros(2, block.memoryWidth()),
        a);
    assertThat(a.array()).containsExactly(3 + 3, 4 + 41, -5, 6 + 61);
  }

  @Test
  void makesBlocksOfHiddenLayersAsWideAsTheOneBefore() {
    var hidden = new HiddenLayers(List.of(3, 3, 3, 2), Activation.SILU, 0.1, true, true);
    List<Layer> layers = Network.perceptron(3, hidden, 1, Activation.IDENTITY).layers();
    assertThat(layers)
        .containsExactly(
            new Dense(3, 3, Activation.IDENTITY), // inputs are data: no block
            new LayerNorm(3, Activation.SILU),
            new Dropout(3, 0.1, 2),
            new Residual(
                List.of(
                    new Dense(3, 3, Activation.IDENTITY),
                    new LayerNorm(3, Activation.SILU),
                    new Dropout(3, 0.1, 5))),
            new Residual(
                List.of(
                    new Dense(3, 3, Activation.IDENTITY),
                    new LayerNorm(3, Activation.SILU),
                    new Dropout(3, 0.1, 8))),
            new Dense(3, 2, Activation.IDENTITY),
            new LayerNorm(2, Activation.SILU),
            new Dropout(2, 0.1, 11),
            new Dense(2, 1, Activation.IDENTITY));
    assertThat(hidden.hasBlocks()).isTrue();
    assertThat(new HiddenLayers(List.of(3, 2), Activation.SILU, 0, true, true).hasBlocks())
        .isFalse();
    assertThat(new HiddenLayers(List.of(3, 3), Activation.SILU, 0).hasBlocks()).isFalse();
  }

  @Test
  void laysParametersOutAsIfTheBlockWereNotThere() {
    var norm = new LayerNorm(2, Activation.SILU);
    var network = new Network(List.of(DENSE, new Residual(List.of(DENSE, norm)), DENSE));
    var flat = new Network(List.of(DENSE, DENSE, norm, DENSE));
    assertThat(network.places()).isEqualTo(flat.places());
    assertThat(network.parameterCount()).isEqualTo(22).isEqualTo(flat.parameterCount());
    assertThat(network.weights()).isEqualTo(flat.weights());
    assertThat(network.weights()).isEqualTo(Ranges.all(4).with(6, 10).with(16, 20));
  }

  @Test
  void refusesLayersThatAreNoBlock() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Residual(List.of()))
        .withMessage("Invalid layers of a residual block: [] (must be one at least)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Residual(List.of(new Dense(2, 3, Activation.RELU))))
        .withMessage("Invalid outputs of a residual block: 3 (must be 2, its inputs)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Residual(List.of(DENSE, new Dense(3, 2, Activation.RELU))))
        .withMessage("Invalid inputs of a layer in a block: 3 (must be 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Residual(List.of(new Residual(List.of(DENSE)))))
        .withMessageEndingWith("(must be no embedding or block itself)");
  }
}
