package chainrule.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StepCurveTest {
  @Test
  void fewStepsAreAPointEachInTheMiddleOfTheStep() {
    var curve = new StepCurve(4);
    curve.add(0, 3, 0.1);
    curve.add(1, 5, 0.2);
    assertThat(curve.epochs()).containsExactly(0.25, 0.5);
    assertThat(curve.losses()).containsExactly(3, 5);
    assertThat(curve.rates()).containsExactly(0.1, 0.2);
  }

  @Test
  void manyStepsAreMeansOfAsManyAsItTakes() {
    var curve = new StepCurve(100);
    for (int step = 0; step < 10_000; step++) {
      curve.add(step, step, 1.0 / (1 + step));
    }
    double[] losses = curve.losses();
    assertThat(losses.length).isBetween(200, 400);
    assertThat(curve.stepsOfAPoint()).isEqualTo(32);
    assertThat(losses[0]).isEqualTo(15.5); // the mean of 0 to 31
    assertThat(losses[7]).isEqualTo(7 * 32 + 15.5);
    assertThat(curve.epochs()[7]).isCloseTo((7 * 32 + 16.5) / 100, within(1e-12));
    assertThat(curve.rates()[7]).isEqualTo(1.0 / (8 * 32)); // of the last of its steps
  }

  @Test
  void stepsThatAreLeftOutLeaveNoPoint() {
    var curve = new StepCurve(1000);
    curve.add(5000, 1, 0.5); // where a run goes on
    curve.add(5003, 2, 0.4);
    assertThat(curve.losses()).containsExactly(1, 2);
    assertThat(curve.epochs()).containsExactly(5.001, 5.004);
    curve.add(5000 + 400, 3, 0.3); // now two steps are a point
    assertThat(curve.losses()).containsExactly(1, 2, 3);
    assertThat(curve.rates()).containsExactly(0.5, 0.4, 0.3);
  }

  @Test
  void aCopyStaysAsItWas() {
    var curve = new StepCurve(1);
    curve.add(0, 1, 1);
    StepCurve copy = curve.copy();
    curve.add(1, 2, 1);
    assertThat(copy.losses()).containsExactly(1);
  }
}
