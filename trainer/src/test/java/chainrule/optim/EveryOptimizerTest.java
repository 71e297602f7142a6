package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Kinds;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tells who adds an optimizer what is still missing. */
final class EveryOptimizerTest {
  static Stream<Class<?>> optimizers() {
    return Arrays.stream(Optimizer.class.getPermittedSubclasses());
  }

  @Test
  void isFound() {
    assertThat(optimizers()).contains(Sgd.class, AdamW.class);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void isARecordOfAScheduleAndNumbers(Class<?> type) {
    assertThat(type).isRecord();
    List<Class<?>> components =
        Arrays.stream(type.getRecordComponents()).<Class<?>>map(RecordComponent::getType).toList();
    assertThat(components).as("the components of %s", type).startsWith(Schedule.class);
    assertThat(components.subList(1, components.size()))
        .allSatisfy(component -> assertThat(component).isEqualTo(double.class));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void hasADefaultForEachComponent(Class<?> type) {
    String key = Kinds.keyOf(type);
    assertThat(Optimizer.KINDS.defaults(key).keySet())
        .as("components of %s with @Default", type)
        .containsExactlyElementsOf(Optimizer.KINDS.names(key));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void hasATestThatExtendsTheContract(Class<?> type) throws ClassNotFoundException {
    assertThat(Class.forName(type.getName() + "Test")).isAssignableTo(OptimizerContract.class);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void hasGoldenTables(Class<?> type) {
    String key = Kinds.keyOf(type);
    List<GoldenTable> tables = GoldenTable.read("optimizer/" + key + ".csv");
    assertThat(tables)
        .as("settings of %s; add two to golden.py and run it", key)
        .hasSizeGreaterThan(1);
    assertThat(tables).allSatisfy(table -> assertThat(table.rows()).hasSize(100));
  }
}
