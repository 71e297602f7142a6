package chainrule.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.JavaKernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Ranges;
import chainrule.math.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private static final Pass PASS = Pass.evaluation(new JavaKernels());

  /** Two inputs that pass through, tables of 3 and 2 rows, two numbers a value. */
  private static final Embedding EMBEDDING = new Embedding(2, List.of(3, 2), 2);

  private static final Slice TABLES = Slice.of(1, 2, 3, 4, 5, 6, 70, 80, 90, 100);

  private static float[] forward(float... inputs) {
    Matrix a = Matrix.zeros(inputs.length / 4, 6);
    Matrix x = Matrix.of(inputs.length / 4, 4, inputs);
    EMBEDDING.forward(PASS, TABLES, x, Matrix.zeros(x.rows(), 0), a);
    return a.array();
  }

  @Test
  void putsRowsOfTheTablesBehindWhatPassesThrough() {
    assertThat(forward(-1, 8, 0, 0)).containsExactly(-1, 8, 1, 2, 70, 80);
    assertThat(forward(0.5f, 8, 1, 1, 9, -0f, 2, 0))
        .containsExactly(0.5f, 8, 3, 4, 90, 100, 9, -0f, 5, 6, 70, 80);
  }

  @Test
  void takesWhateverIsNoIndexForTheLastRow() {
    for (float index : new float[] {3, 1e30f, Float.POSITIVE_INFINITY, -1, -0.5f, Float.NaN}) {
      assertThat(forward(0, 0, index, index)).containsExactly(0, 0, 5, 6, 90, 100);
    }
  }

  @Test
  void addsTheGradientOfEachRowToTheRowThatItsIndexNames() {
    Matrix x = Matrix.of(3, 4, 9, 9, 2, 1, 9, 9, 0, 1, 9, 9, 2, 0);
    Matrix da = Matrix.of(3, 4, 1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400);
    Slice sums = Slice.of(1000, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    EMBEDDING.parameterGradient(PASS, TABLES, x, Matrix.zeros(3, 0), Matrix.zeros(3, 6), da, sums);
    assertThat(sums.toArray()).containsExactly(1010, 20, 0, 0, 101, 202, 300, 400, 33, 44);
  }

  @Test
  void needsNoGradientOfWhatPassesThrough() {
    assertThat(EMBEDDING.inputs()).isEqualTo(4);
    assertThat(EMBEDDING.outputs()).isEqualTo(6);
    assertThat(EMBEDDING.gradientWidth()).isEqualTo(4);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                EMBEDDING.inputGradient(
                    PASS, TABLES, Matrix.zeros(1, 0), Matrix.zeros(1, 4), Matrix.zeros(1, 4)))
        .withMessage("Cannot differentiate by an index: it is data");
  }

  @Test
  void decaysAsAWhole() {
    assertThat(EMBEDDING.parameterCount()).isEqualTo(10);
    assertThat(EMBEDDING.weights()).isEqualTo(Ranges.all(10));
  }

  @Test
  void startsAtNormalDeviatesOfThreeTenthsAndUnseenValuesAtZero() {
    var embedding = new Embedding(0, List.of(2001, 1), 5);
    Slice parameters = Slice.of(new float[embedding.parameterCount()]);
    parameters.fill(Float.NaN);
    embedding.initialize(parameters, Initializer.NORMAL, new RandomStream(1));
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 10_000; i++) {
      sum += parameters.get(i);
      squares += parameters.get(i) * parameters.get(i);
    }
    // Five standard deviations of a mean and of a deviation of 10,000.
    assertThat(sum / 10_000).isCloseTo(0, within(0.015));
    assertThat(Math.sqrt(squares / 10_000)).isCloseTo(0.3, within(0.011));
    assertThat(parameters.part(10_000, 10).toArray()).containsOnly(0f);
  }

  @Test
  void standsFirstAndBeforeADenseLayer() {
    Network behind =
        Network.perceptron(6, List.of(3), Activation.TANH, 0.5, 1, Activation.IDENTITY)
            .behind(EMBEDDING);
    assertThat(behind.embedding()).contains(EMBEDDING);
    assertThat(behind.inputs()).isEqualTo(4);
    assertThat(behind.parameterCount()).isEqualTo(10 + 21 + 4);
    assertThat(behind.places().get(1)).isEqualTo(new Network.Place(behind.layers().get(1), 10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network(List.of(EMBEDDING)))
        .withMessageEndingWith("(must be a dense layer behind the embedding)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network(List.of(new Dense(1, 4, Activation.TANH), EMBEDDING)))
        .withMessageEndingWith("(must be no embedding unless first)");
  }

  @Test
  void refusesTablesThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedding(1, List.of(), 16))
        .withMessage("Invalid embedded categories: [] (must be one at least)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedding(1, List.of(0), 16))
        .withMessage("Invalid rows of an embedding: 0 (must be from 1 to 16777216)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedding(1, List.of(9), 0))
        .withMessage("Invalid embedding-size: 0 (must be from 1 to 65536)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedding(1, List.of(1_100_000, 1_000_000), 1_024))
        .withMessage(
            "Invalid parameters of embeddings: 2150400000 (must be below 2^31; make embedding-size"
                + " smaller, or exclude a column)");
  }
}
