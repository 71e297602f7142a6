package chainrule.ml;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Task;
import chainrule.math.KernelChoice;
import chainrule.optim.Lbfgs;
import chainrule.optim.Optimizer;
import chainrule.optim.Optimizers;
import chainrule.params.Hyperparameter;
import chainrule.params.Hyperparameters;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds everything that is generated from {@link Hyperparameters} equal to it. To generate it
 * again:
 *
 * <pre>mvn -pl trainer test -Dtest=GeneratedParamsTest -Dchainrule.generate=true</pre>
 */
class GeneratedParamsTest {
  private static final String SOURCES = "src/main/java/chainrule/ml/";
  private static final Path GUIDE = Path.of("src/site/markdown/from-mllib.md");
  private static final String BEGIN =
      "<!-- Generated from chainrule.params.Hyperparameters by GeneratedParamsTest; do not edit."
          + " -->\n";
  private static final String END = "<!-- End of the generated table. -->\n";

  private static void assertGenerated(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("chainrule.generate")) {
      Files.writeString(file, expected);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as(
            "%s is generated from Hyperparameters: run mvn -pl trainer test"
                + " -Dtest=GeneratedParamsTest -Dchainrule.generate=true",
            file)
        .isEqualTo(expected);
  }

  @Test
  void theAccessorsAreThoseDescribed() throws IOException {
    assertGenerated(Path.of(SOURCES + "ChainruleParamAccessors.java"), GeneratedParams.accessors());
  }

  @Test
  void theGettersAreThoseDescribed() throws IOException {
    assertGenerated(Path.of(SOURCES + "ChainruleParams.java"), GeneratedParams.getters());
  }

  @Test
  void theSettersAreThoseDescribed() throws IOException {
    assertGenerated(Path.of(SOURCES + "ChainruleSetters.java"), GeneratedParams.setters());
  }

  @Test
  void theJsonInTheJarIsTheDescription() throws IOException {
    assertGenerated(Path.of("src/main/resources/chainrule/params.json"), GeneratedParams.json());
  }

  @Test
  void theGuidesTableIsTheDescription() throws IOException {
    String guide = Files.readString(GUIDE);
    int from = guide.indexOf(BEGIN);
    int to = guide.indexOf(END);
    assertThat(from).as("place of the table").isPositive().isLessThan(to);
    assertGenerated(
        GUIDE,
        guide.substring(0, from)
            + BEGIN
            + "\n"
            + GeneratedParams.table()
            + "\n"
            + guide.substring(to));
  }

  static List<Class<?>> classes() {
    return GeneratedParams.classes();
  }

  @ParameterizedTest
  @MethodSource("classes")
  void everyParamIsDescribedHereOrIsSparks(Class<?> type) throws ReflectiveOperationException {
    Set<String> ofSpark =
        Set.of(
            "featuresCol",
            "labelCol",
            "predictionCol",
            "rawPredictionCol",
            "probabilityCol",
            "thresholds");
    List<String> described =
        GeneratedParams.described(type).stream().map(Hyperparameter::param).toList();
    assertThat(described).doesNotHaveDuplicates();
    assertThat(GeneratedParams.paramNames(type)).containsAll(described);
    assertThat(GeneratedParams.paramNames(type))
        .allSatisfy(
            name -> assertThat(described.contains(name) || ofSpark.contains(name)).isTrue());
    for (Hyperparameter hyperparameter : GeneratedParams.described(type)) {
      String name = hyperparameter.param();
      String getter = "get" + name.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
      assertThat(type.getMethod(getter + name.substring(1)).getReturnType().getSimpleName())
          .as(name)
          .isEqualTo(hyperparameter.type().javaType());
    }
  }

  @Test
  void everyHyperparameterIsDescribedInFull() {
    List<Hyperparameter> all =
        Stream.of(Hyperparameters.TRAINING, Hyperparameters.MULTI_LABEL, Hyperparameters.TABULAR)
            .flatMap(List::stream)
            .toList();
    for (Hyperparameter hyperparameter : all) {
      assertThat(hyperparameter.doc()).as(hyperparameter.param()).matches("(?s)[a-zL].*[^.]");
      assertThat(hyperparameter.defaultValue().isEmpty())
          .as("%s: a default or what happens without it", hyperparameter.param())
          .isEqualTo(
              hyperparameter.defaultValue().isEmpty() && !hyperparameter.whenUnset().isEmpty());
      hyperparameter
          .defaultValue()
          .ifPresent(
              value ->
                  assertThat(value instanceof List<?> list ? list : List.of(value))
                      .as(hyperparameter.param())
                      .allSatisfy(
                          each ->
                              assertThat(hyperparameter.range().condition().accepts(each))
                                  .isTrue()));
    }
  }

  /** A solver's hyperparameter without a line in Hyperparameters could not be set. */
  @Test
  void everyHyperparameterOfASolverIsDescribed() {
    Set<String> names = new TreeSet<>(List.of("memory")); // of L-BFGS; its tolerance is tol
    for (String key : Optimizers.keys()) {
      Optimizer optimizer = Optimizers.of(key, new chainrule.optim.Constant(1), java.util.Map.of());
      names.addAll(Optimizers.hyperparameters(optimizer).keySet());
    }
    assertThat(Hyperparameters.ofSolvers().stream().map(Hyperparameters::solverName))
        .containsExactlyInAnyOrderElementsOf(names);
    assertThat(Arrays.stream(Lbfgs.class.getRecordComponents()).map(c -> c.getName()))
        .containsExactly("memory", "tolerance");
  }

  @Test
  void theSchedulesAreThoseThatThereAre() {
    List<String> keys =
        Hyperparameters.TRAINING.stream()
            .filter(h -> h.param().equals("schedule"))
            .findFirst()
            .orElseThrow()
            .range()
            .values();
    var unknown =
        new ScheduleSettings("?", 1, 1, 1, Setting.auto(), 0, ScheduleSettings.Unit.EPOCHS);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> unknown.schedule(1, 1, 1))
        .hasMessage(
            "Invalid schedule type: \"?\" (must be %s)", keys.stream().collect(joining(", ")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "openblas", "java"})
  void theKernelsAreThoseThatThereAre(String name) {
    KernelChoice.check(name);
    assertThat(new ChainruleRegressor().setBlas(name).getBlas()).isEqualTo(name);
  }

  @Test
  void theDefaultsAreTheLibrarys() {
    TrainingSettings expected =
        TrainingSettings.builder().task(Setting.of(Task.CLASSIFICATION)).build();
    var fit = new EstimatorFit(new ChainruleClassifier(), "features", "label", Task.CLASSIFICATION);
    assertThat(fit.settings(false)).usingRecursiveComparison().isEqualTo(expected);
  }
}
