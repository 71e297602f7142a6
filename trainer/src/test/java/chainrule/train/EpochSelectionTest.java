package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** {@link EpochSelection} and {@link EarlyStopping}, which both use the validation curve. */
class EpochSelectionTest {
  private static EpochSelection select(int width, double... losses) {
    var selection = new EpochSelection(width);
    float[] parameters = new float[1];
    for (int i = 0; i < losses.length; i++) {
      parameters[0] = i + 1; // the loop owns the array and keeps changing it
      selection.add(losses[i], parameters);
    }
    parameters[0] = -1;
    selection.end();
    return selection;
  }

  private static int naive(int width, List<Integer> losses) {
    int best = 0;
    double bestMean = Double.POSITIVE_INFINITY;
    for (int i = 0; i < losses.size(); i++) {
      double sum = 0;
      for (int j = i - width / 2; j <= i + width / 2; j++) {
        sum += losses.get(j < 0 ? 0 : j >= losses.size() ? losses.size() - 1 : j);
      }
      if (sum / width <= bestMean) {
        bestMean = sum / width;
        best = i + 1;
      }
    }
    return best;
  }

  @Property(tries = 500)
  void selectsTheLastLeastCentredMean(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 6) Integer> losses,
      @ForAll @IntRange(max = 4) int halfWidth) {
    int width = 2 * halfWidth + 1;
    var selection = select(width, losses.stream().mapToDouble(Integer::doubleValue).toArray());
    assertThat(selection.bestEpoch()).isEqualTo(naive(width, losses));
    assertThat(selection.bestParameters()).containsExactly(selection.bestEpoch());
  }

  @Test
  void smoothsANoisyMinimumAway() {
    double[] losses = {9, 9, 0, 9, 9, 9, 9, 9, 3, 3, 3, 3, 3, 3, 3, 3, 3, 9, 9, 9, 9};
    assertThat(select(1, losses).bestEpoch()).isEqualTo(3);
    assertThat(select(9, losses).bestEpoch()).isEqualTo(13);
  }

  @Test
  void takesTheLastOfEqualMinima() {
    assertThat(select(1, 2, 1, 3, 1, 2).bestEpoch()).isEqualTo(4);
    assertThat(select(9, 1, 1, 1).bestEpoch()).isEqualTo(3);
  }

  @Test
  void neverSelectsAnEpochWhoseLossIsNaNIfThereIsAnother() {
    assertThat(select(1, 3, Double.NaN, 4).bestEpoch()).isEqualTo(1);
    assertThat(select(9, Double.NaN, Double.NaN).bestEpoch()).isEqualTo(2);
    assertThat(select(9, Double.NaN, Double.NaN).bestParameters()).containsExactly(2);
  }

  private static boolean stopsAfter(EarlyStopping stopping, double loss) {
    stopping.add(loss);
    return stopping.isExhausted();
  }

  @Test
  void stopsAfterEpochsWithoutABetterLoss() {
    var stopping = new EarlyStopping(2, 0.1);
    assertThat(stopsAfter(stopping, 1.0)).isFalse();
    assertThat(stopsAfter(stopping, 0.95)).isFalse(); // better, but by too little
    assertThat(stopsAfter(stopping, 0.85)).isFalse();
    assertThat(stopsAfter(stopping, Double.NaN)).isFalse();
    assertThat(stopsAfter(stopping, 0.8)).isTrue();
  }

  @Test
  void neverStopsWithoutPatience() {
    var stopping = new EarlyStopping(0, 0);
    for (int i = 0; i < 100; i++) {
      assertThat(stopsAfter(stopping, i)).isFalse();
    }
  }
}
