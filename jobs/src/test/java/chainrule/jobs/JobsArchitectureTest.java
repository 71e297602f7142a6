package chainrule.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which packages of the jobs may import which; all of them may import the library. */
class JobsArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("chainrule.jobs");

  @Test
  void packagesImportOnlyWhatTheyMay() {
    assertImports("jobs.report");
    assertImports("jobs.config");
    assertImports("jobs.output", "jobs.report", "jobs.config");
    assertImports("jobs.tune", "jobs.output", "jobs.report", "jobs.config");
    assertImports("jobs.live", "jobs.output", "jobs.report", "jobs.config");
    assertImports("jobs", "jobs.tune", "jobs.live", "jobs.output", "jobs.report", "jobs.config");
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("chainrule.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** A package that holds more types than this shows no structure. */
  @Test
  void noPackageHoldsMoreThan35Types() {
    Map<String, Long> types =
        CLASSES.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(types).hasSize(6).allSatisfy((name, count) -> assertThat(count).isLessThan(36));
  }

  private static void assertImports(String name, String... below) {
    DescribedPredicate<JavaClass> allowed =
        not(resideInAPackage("chainrule.jobs..")).or(resideInAPackage("chainrule." + name));
    for (String other : below) {
      allowed = allowed.or(resideInAPackage("chainrule." + other));
    }
    classes()
        .that(resideInAnyPackage("chainrule." + name))
        .should(onlyDependOnClassesThat(allowed))
        .as(name + " imports only what the table allows")
        .check(CLASSES);
  }
}
