package chainrule.optim;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tells who adds an optimizer what is still missing. */
final class EveryOptimizerTest {
  static Stream<Class<?>> optimizers() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("chainrule")
            .stream()
            .filter(type -> type.isAssignableTo(Optimizer.class) && !type.isInterface())
            .map(JavaClass::reflect);
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
  void hasItsLineInOptimizers(Class<?> type) {
    assertThat(keys(type)).as("keys of %s; add it to Optimizers.DEFAULTS", type).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void hasATestThatExtendsTheContract(Class<?> type) throws ClassNotFoundException {
    assertThat(Class.forName(type.getName() + "Test")).isAssignableTo(OptimizerContract.class);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void hasGoldenTables(Class<?> type) {
    for (String key : keys(type)) {
      List<GoldenTable> tables = GoldenTable.read("optimizer/" + key + ".csv");
      assertThat(tables)
          .as("settings of %s; add two to golden.py and run it", key)
          .hasSizeGreaterThan(1);
      assertThat(tables).allSatisfy(table -> assertThat(table.rows()).hasSize(100));
    }
  }

  private static List<String> keys(Class<?> type) {
    return Optimizers.keys().stream()
        .filter(key -> type.isInstance(Optimizers.of(key, new Constant(1), Map.of())))
        .toList();
  }
}
