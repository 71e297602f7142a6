package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests every schedule; a new one needs its line in {@link #schedule} and in golden.py. */
final class ScheduleTest {
  static List<String> keys() {
    return Schedule.KINDS.keys();
  }

  private static Schedule schedule(String key, Map<String, Double> of) {
    return Schedule.KINDS.make(key, of::get);
  }

  @Test
  void everyScheduleIsTestedHere() {
    var types =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("chainrule")
                .stream()
                .filter(type -> type.isAssignableTo(Schedule.class) && !type.isInterface())
                .map(JavaClass::reflect);
    assertThat(keys())
        .as("keys here")
        .extracting(key -> (Object) example(key).getClass())
        .containsExactlyInAnyOrderElementsOf(types.<Object>map(type -> type).toList());
  }

  private static Schedule example(String key) {
    List<GoldenTable> tables = GoldenTable.read("schedule/" + key + ".csv");
    assertThat(tables).as("settings of %s; add one to golden.py and run it", key).isNotEmpty();
    return schedule(key, tables.get(0).setting());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void hasTheKeyOfConfiguration(String key) {
    assertThat(example(key).key()).isEqualTo(key);
    assertThat(example(key)).isInstanceOf(Record.class);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void givesTheRatesOfPyTorch(String key) {
    for (GoldenTable table : GoldenTable.read("schedule/" + key + ".csv")) {
      Schedule schedule = schedule(key, table.setting());
      assertThat(table.rows()).hasSize(100);
      for (int step = 0; step < 100; step++) {
        // PyTorch gets each rate from the one before: a rounding of 1e-16 a step of a rate of 0.1,
        // and more where a cosine's small rate is a difference of large ones.
        assertThat(schedule.learningRate(step))
            .as("%s, step %d", schedule, step)
            .isCloseTo(table.rows().get(step)[0], within(1e-14));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void rejectsANegativeStep(String key) {
    assertRejects(() -> example(key).learningRate(-1), "Invalid step: -1 (must be >= 0)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.1, 0, Double.POSITIVE_INFINITY})
  void rejectsALearningRateOutOfRange(double rate) {
    String message = "Invalid learning rate: " + rate + " (must be > 0 and finite)";
    assertRejects(() -> new Constant(rate), message);
    assertRejects(() -> new StepDecay(rate, 1, 0.5), message);
    assertRejects(() -> new Exponential(rate, 0.5, 1), message);
    assertRejects(() -> new Cosine(rate, 1, 0), message);
    assertRejects(() -> new WarmupCosine(rate, 1, 2, 0), message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.1, 0.2})
  void rejectsAMinimumOutOfRange(double minimum) {
    String message =
        "Invalid minimum learning rate: "
            + minimum
            + " (must be >= 0 and <= the learning rate, 0.1)";
    assertRejects(() -> new Cosine(0.1, 1, minimum), message);
    assertRejects(() -> new WarmupCosine(0.1, 1, 2, minimum), message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.1, 0, 1.1})
  void rejectsAFactorOutOfRange(double factor) {
    String message = "Invalid factor: " + factor + " (must be > 0 and <= 1)";
    assertRejects(() -> new StepDecay(0.1, 1, factor), message);
    assertRejects(() -> new Exponential(0.1, factor, 1), message);
  }

  @Test
  void rejectsNumbersOfStepsOutOfRange() {
    assertRejects(
        () -> new StepDecay(0.1, 0, 0.5),
        "Invalid number of steps between decays: 0 (must be >= 1)");
    assertRejects(
        () -> new Exponential(0.1, 0.5, 0),
        "Invalid number of steps of the decay: 0 (must be >= 1)");
    assertRejects(() -> new Cosine(0.1, 0, 0), "Invalid number of steps: 0 (must be >= 1)");
    assertRejects(
        () -> new WarmupCosine(0.1, 5, 5, 0),
        "Invalid number of warm-up steps: 5 (must be >= 0 and < the number of steps, 5)");
  }

  @Test
  void withoutWarmUpIsACosine() {
    var plain = new Cosine(0.1, 9, 0.01);
    var warm = new WarmupCosine(0.1, 0, 9, 0.01);
    for (int step = 0; step < 12; step++) {
      assertThat(warm.learningRate(step)).isEqualTo(plain.learningRate(step));
    }
  }

  @Property
  void staysBetweenItsMinimumAndItsRate(
      @ForAll @DoubleRange(min = 1e-6, max = 10) @Scale(6) double rate,
      @ForAll @DoubleRange(min = 0, max = 1) @Scale(6) double share,
      @ForAll @IntRange(min = 1, max = 1000) int totalSteps,
      @ForAll @IntRange(max = 2000) int step) {
    double minimum = rate * share;
    double cosine = new Cosine(rate, totalSteps, minimum).learningRate(step);
    // The sum of a minimum and a part may round to one ulp beyond the rate.
    assertThat(cosine).isBetween(minimum, Math.nextUp(rate));
    double warm = new WarmupCosine(rate, totalSteps / 2, totalSteps, minimum).learningRate(step);
    assertThat(warm).isBetween(step < totalSteps / 2 ? 0 : minimum, Math.nextUp(rate));
  }

  @Test
  void needsNoEnd() {
    for (String key : keys()) {
      assertThat(example(key).learningRate(Long.MAX_VALUE)).as(key).isBetween(0.0, 0.1);
    }
  }

  private static void assertRejects(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
