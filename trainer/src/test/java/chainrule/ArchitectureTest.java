package chainrule;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What each package may import and what none may use. The table says what is allowed rather than
 * what to avoid, so a library that nobody thought of is refused too.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("chainrule");

  private static final DescribedPredicate<JavaClass> CORE_LIBRARIES =
      resideInAnyPackage("java..", "org.slf4j..");

  private static final DescribedPredicate<JavaClass> JSON =
      resideInAnyPackage("com.fasterxml.jackson..");

  private static final DescribedPredicate<JavaClass> ONNX =
      resideInAnyPackage("ai.onnx.proto..", "com.google.protobuf..");

  private static final DescribedPredicate<JavaClass> SPARK_ML =
      CORE_LIBRARIES.or(
          resideInAnyPackage(
              "org.apache.spark..",
              "org.apache.hadoop..",
              "io.netty..", // what Spark's transport is made of
              "scala..",
              "com.fasterxml.jackson..",
              // What Spark itself brings: its Parquet and CSV readers, serializer, text distances,
              // metrics.
              "com.codahale.metrics..",
              "org.apache.parquet..",
              "com.esotericsoftware.kryo..",
              "com.univocity.parsers..",
              "org.apache.commons.text.."));

  private static final DescribedPredicate<JavaClass> SPARK =
      SPARK_ML.and(not(resideInAnyPackage("org.apache.spark.ml..", "org.apache.spark.mllib..")));

  private static final DescribedPredicate<JavaClass> NATIVE_LIBRARIES =
      resideInAnyPackage("org.bytedeco..", "dev.ludovic.netlib..");

  @Test
  void onlyTheNativeKernelsKnowNativeLibraries() {
    noClasses()
        .that()
        .doNotHaveSimpleName("OpenBlasKernels")
        .should()
        .dependOnClassesThat(NATIVE_LIBRARIES)
        .check(CLASSES);
  }

  @Test
  void packagesImportOnlyWhatTheyMay() {
    assertImports("math", CORE_LIBRARIES.or(NATIVE_LIBRARIES));
    assertImports("data", CORE_LIBRARIES, "math");
    assertImports("nn", CORE_LIBRARIES, "data", "math");
    assertImports("optim", CORE_LIBRARIES, "math");

    String[] core = {"nn", "optim", "data", "math"};
    assertImports("train.sums", CORE_LIBRARIES, "nn", "data", "math");
    assertImports("train.history", CORE_LIBRARIES, "train.sums");
    assertImports(
        "train.shard", CORE_LIBRARIES, "train.history", "train.sums", "nn", "data", "math");
    assertImports("train.settings", CORE_LIBRARIES, with(core, "train.shard"));
    assertImports(
        "train.checkpoint", CORE_LIBRARIES, with(core, "train.settings", "train.history"));
    assertImports("train", CORE_LIBRARIES, with(core, "train.."));

    String[] library = with(core, "train..");
    assertImports("model", CORE_LIBRARIES.or(JSON), library);
    assertImports("onnx", CORE_LIBRARIES.or(ONNX), library);

    assertImports("spark.shim", SPARK, "data");
    assertImports("spark.store", SPARK, with(library, "model"));
    assertImports("spark.cluster", SPARK, with(library, "spark.shim"));
    assertImports("spark.read", SPARK, with(library, "spark.cluster", "spark.shim"));
    assertImports("spark.shard", SPARK, with(library, "spark.read", "spark.cluster", "spark.shim"));
    String[] engines = with(library, "spark.shard", "spark.cluster", "spark.shim");
    assertImports("spark.tree", SPARK, engines);
    assertImports("spark.gang", SPARK, engines);
    assertImports("spark", SPARK, with(library, "model", "spark.."));
    assertImports("params", CORE_LIBRARIES, with(library, "spark"));
    assertImports("ml", SPARK_ML, with(library, "params", "model", "spark.."));
  }

  @Test
  void everyClassIsInAPackageOfTheTable() {
    String packages =
        "math|data|nn|optim|model|onnx|params|ml"
            + "|train(\\.(sums|history|shard|settings|checkpoint))?"
            + "|spark(\\.(store|read|cluster|shard|shim|tree|gang))?";
    assertThat(CLASSES)
        .allSatisfy(
            type -> assertThat(type.getPackageName()).matches("chainrule\\.(" + packages + ")"));
  }

  /** A package that holds more types than this shows no structure. */
  @Test
  void noPackageHoldsMoreThan35Types() {
    assertThat(topLevelTypesByPackage())
        .allSatisfy((name, types) -> assertThat(types).isLessThan(36));
  }

  private static Map<String, Long> topLevelTypesByPackage() {
    return CLASSES.stream()
        .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
        .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("chainrule.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyJobsPrint() {
    noClasses().should(ACCESS_STANDARD_STREAMS).check(CLASSES);
  }

  @Test
  void randomNumbersComeFromSeedsAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Random.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocalRandom.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.random..")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(StrictMath.class, "random")
        .check(CLASSES);
  }

  /**
   * Asserts what a package may depend on.
   *
   * @param name of the package, without the packages below it
   * @param below packages that it may import; those that end with ".." include the ones below
   */
  private static void assertImports(
      String name, DescribedPredicate<JavaClass> libraries, String... below) {
    DescribedPredicate<JavaClass> allowed = libraries.or(inPackage(name));
    for (String other : below) {
      allowed = allowed.or(inPackage(other));
    }
    classes()
        .that(inPackage(name))
        .should(onlyDependOnClassesThat(allowed))
        .as(name + " imports only what the table allows")
        .check(CLASSES);
  }

  private static String[] with(String[] some, String... others) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(String[]::new);
  }

  private static DescribedPredicate<JavaClass> inPackage(String name) {
    return resideInAnyPackage("chainrule." + name);
  }
}
