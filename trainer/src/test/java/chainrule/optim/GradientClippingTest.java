package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GradientClippingTest {
  @Test
  void scalesALongGradientToTheBound() {
    float[] gradient = {3, 0, -4};
    new GradientClipping(2.5).clip(gradient);
    // PyTorch's 1e-6 beside the norm takes 2e-7 off the factor of 0.5.
    assertThat(gradient[0]).isCloseTo(1.5f, within(1e-6f));
    assertThat(gradient[1]).isZero();
    assertThat(gradient[2]).isCloseTo(-2, within(1e-6f));
  }

  @Test
  void leavesAShortGradientAsItIs() {
    float[] gradient = {3, -4};
    new GradientClipping(5.1).clip(gradient);
    assertThat(gradient).containsExactly(3, -4);
  }

  @Test
  void offLeavesEveryGradientAsItIs() {
    float[] gradient = {3e30f, -4e30f};
    GradientClipping.off().clip(gradient);
    assertThat(gradient).containsExactly(3e30f, -4e30f);
  }

  @Test
  void leavesAGradientWithNanToWhoWatchesTheLoss() {
    float[] gradient = {3, Float.NaN};
    new GradientClipping(1).clip(gradient);
    assertThat(gradient).containsExactly(3, Float.NaN);
  }

  @Property
  void isNeverLongerThanTheBound(
      @ForAll @Size(max = 40) List<@FloatRange(min = -1e10f, max = 1e10f) Float> values,
      @ForAll @DoubleRange(min = 1e-3, max = 1e3) @Scale(3) double maxNorm) {
    var gradient = new float[values.size()];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = values.get(i);
    }
    new GradientClipping(maxNorm).clip(gradient);
    double norm = GradientClipping.norm(gradient);
    // The factor and each product round by 6e-8 of themselves (and by more for gradients beyond
    // 1e37, whose factor is subnormal).
    assertThat(norm).isLessThanOrEqualTo(maxNorm * (1 + 2e-7));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.1, Double.POSITIVE_INFINITY})
  void rejectsABoundOutOfRange(double maxNorm) {
    assertThatThrownBy(() -> new GradientClipping(maxNorm))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid clip norm: " + maxNorm + " (must be >= 0 and finite)");
  }
}
