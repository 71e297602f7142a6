package chainrule.ml;

import chainrule.params.Hyperparameter;
import chainrule.params.Hyperparameters;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;

/** Writes what is generated from {@link Hyperparameters}. */
final class GeneratedParams {
  private static final String NOTICE =
      "// Generated from chainrule.params.Hyperparameters by GeneratedParamsTest; do not edit.\n";

  /** The longest line that the formatter leaves alone. */
  private static final int COLUMNS = 100;

  private GeneratedParams() {}

  /** An estimator, its model, and the groups of params that both have. */
  private record Stage(Class<?> estimator, Class<?> model, List<String> groups) {}

  private static final List<Stage> STAGES =
      List.of(
          new Stage(
              ChainruleClassifier.class, ChainruleClassificationModel.class, List.of("training")),
          new Stage(ChainruleRegressor.class, ChainruleRegressionModel.class, List.of("training")),
          new Stage(
              ChainruleMultiLabelClassifier.class,
              ChainruleMultiLabelModel.class,
              List.of("training", "multiLabel")),
          new Stage(TabularEncoder.class, TabularEncoderModel.class, List.of("tabular")));

  /** Returns the estimators and models that have params. */
  static List<Class<?>> classes() {
    return STAGES.stream().<Class<?>>flatMap(s -> Stream.of(s.estimator, s.model)).toList();
  }

  private static Map<String, List<Hyperparameter>> groups() {
    Map<String, List<Hyperparameter>> groups = new LinkedHashMap<>();
    groups.put("training", Hyperparameters.TRAINING);
    groups.put("multiLabel", Hyperparameters.MULTI_LABEL);
    groups.put("tabular", Hyperparameters.TABULAR);
    return groups;
  }

  /** Returns the descriptions of the params that a class has, but for those that Spark ML gives. */
  static List<Hyperparameter> described(Class<?> type) {
    return STAGES.stream()
        .filter(stage -> stage.estimator.equals(type) || stage.model.equals(type))
        .flatMap(stage -> stage.groups.stream())
        .flatMap(group -> groups().get(group).stream())
        .toList();
  }

  /** Returns the names of all params of a class, found as Spark ML finds them. */
  static List<String> paramNames(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> Param.class.isAssignableFrom(method.getReturnType()))
        .filter(method -> method.getParameterCount() == 0)
        .map(method -> method.getName())
        .distinct()
        .sorted()
        .toList();
  }

  static String accessors() {
    return source(
        """
        %s
        import org.apache.spark.ml.param.Params;

        /** The params of each hyperparameter as objects. {@link ChainruleSetters} describes each. */
        public interface ChainruleParamAccessors extends Params {
          /** Returns the params; only for the classes of this package. */
          TrainingParams trainingParams();
        """
            .formatted(
                imports(
                    Hyperparameters.TRAINING.stream()
                        .map(h -> paramType(h).replaceAll("<.*", ""))
                        .distinct()
                        .sorted()
                        .toList())),
        h ->
            """
              default %s %s() {
                return trainingParams().get("%s");
              }
            """
                .formatted(paramType(h), h.param(), h.param()));
  }

  static String getters() {
    return source(
        """
        /**
         * The params of the estimators that train networks and of their models.
         *
         * <p>They have Spark ML's names where it has one. {@link ChainruleSetters} describes each.
         */
        public interface ChainruleParams extends ChainruleParamAccessors {
        """,
        h ->
            """
              default %s get%s() {
                return %sgetOrDefault(%s());
              }
            """
                .formatted(h.type().javaType(), capitalized(h.param()), cast(h), h.param()));
  }

  static String setters() {
    return source(
        """
        /**
         * The setters of {@link ChainruleParams}.
         *
         * @param <E> the estimator, which each setter returns
         */
        @SuppressWarnings("unchecked") // set returns this, an E
        public interface ChainruleSetters<E> extends ChainruleParams {
        """,
        h ->
            """
            %s  default E set%s(%s value) {
                return (E) set(%s(), value);
              }
            """
                .formatted(javadoc(h), capitalized(h.param()), h.type().javaType(), h.param()));
  }

  private static String source(String head, Function<Hyperparameter, String> method) {
    return NOTICE
        + "package chainrule.ml;\n\n"
        + head
        + (head.endsWith("{\n") ? "" : "\n")
        + Hyperparameters.TRAINING.stream().map(method).collect(Collectors.joining("\n"))
        + "}\n";
  }

  private static String imports(List<String> types) {
    return types.stream()
        .map(type -> "import org.apache.spark.ml.param." + type + ";")
        .collect(Collectors.joining("\n"));
  }

  private static String paramType(Hyperparameter hyperparameter) {
    return switch (hyperparameter.type()) {
      case BOOLEAN -> "BooleanParam";
      case INT -> "IntParam";
      case LONG -> "LongParam";
      case DOUBLE -> "DoubleParam";
      case TEXT -> "Param<String>";
      case INTS -> "IntArrayParam";
      case DOUBLES -> "DoubleArrayParam";
      case TEXTS -> "StringArrayParam";
    };
  }

  /** Returns the cast from Object, which params of Scala's primitive types hold. */
  private static String cast(Hyperparameter hyperparameter) {
    return switch (hyperparameter.type()) {
      case BOOLEAN -> "(Boolean) ";
      case INT -> "(Integer) ";
      case LONG -> "(Long) ";
      case DOUBLE -> "(Double) ";
      case TEXT, INTS, DOUBLES, TEXTS -> "";
    };
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Returns a comment of two spaces' indentation, filled as the formatter fills it. */
  private static String javadoc(Hyperparameter hyperparameter) {
    String text = escaped(capitalized(hyperparameter.explained()) + ".");
    if (text.length() <= COLUMNS - "  /**  */".length()) {
      return "  /** " + text + " */\n";
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder("   *");
    for (String word : List.of(text.split(" ", -1))) {
      if (line.length() + 1 + word.length() > COLUMNS) {
        lines.add(line.toString());
        line = new StringBuilder("   *");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
    return "  /**\n" + String.join("\n", lines) + "\n   */\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Returns the table of the guide. */
  static String table() {
    return """
    | Spark ML | configuration | values | default | meaning |
    | --- | --- | --- | --- | --- |
    """
        + Hyperparameters.TRAINING.stream()
            .map(
                h ->
                    String.format(
                        "| `%s` | %s | %s | %s | %s |%n",
                        h.param(),
                        h.key().isEmpty() ? "" : '`' + h.key() + '`',
                        values(h),
                        h.defaultValue().isPresent()
                            ? '`' + h.defaultText() + '`'
                            : "unset: " + h.whenUnset(),
                        capitalized(h.doc())))
            .collect(Collectors.joining());
  }

  private static String values(Hyperparameter hyperparameter) {
    if (!hyperparameter.range().values().isEmpty()) {
      return hyperparameter.range().values().stream()
          .map(value -> '`' + value + '`')
          .collect(Collectors.joining(" "));
    }
    String rule = hyperparameter.range().rule();
    return hyperparameter.type().javaType() + (rule.isEmpty() ? "" : ", " + rule);
  }

  /** Returns everything as JSON, for wrappers in other languages. */
  static String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("generated", "from chainrule.params.Hyperparameters by GeneratedParamsTest");
    Map<String, Object> groups = new LinkedHashMap<>();
    groups().forEach((name, all) -> groups.put(name, all.stream().map(h -> json(h)).toList()));
    json.put("groups", groups);
    json.put("estimators", STAGES.stream().map(stage -> json(stage)).toList());
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> json(Hyperparameter hyperparameter) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", hyperparameter.param());
    json.put("key", hyperparameter.key());
    json.put("type", hyperparameter.type().javaType());
    json.put("range", hyperparameter.range().rule());
    json.put("values", hyperparameter.range().values());
    hyperparameter.defaultValue().ifPresent(value -> json.put("default", value));
    json.put("whenUnset", hyperparameter.whenUnset());
    json.put("doc", hyperparameter.doc());
    return json;
  }

  private static Map<String, Object> json(Stage stage) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("class", stage.estimator.getName());
    json.put("model", stage.model.getName());
    json.put("groups", stage.groups);
    json.put("inherited", inherited(stage.estimator));
    json.put("inheritedByModel", inherited(stage.model));
    return json;
  }

  /** Returns the names of the params that Spark ML gives a class. */
  private static List<String> inherited(Class<?> type) {
    List<String> described = described(type).stream().map(Hyperparameter::param).toList();
    return paramNames(type).stream().filter(name -> !described.contains(name)).toList();
  }
}
