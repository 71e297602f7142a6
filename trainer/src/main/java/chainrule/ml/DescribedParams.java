package chainrule.ml;

import chainrule.params.Hyperparameter;
import chainrule.params.Range;
import chainrule.spark.shim.SparkVersion;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.runtime.AbstractFunction1;

/**
 * The params of one object, made from their descriptions. Spark ML's traits keep params in fields,
 * which an interface of Java cannot have. Immutable.
 */
class DescribedParams implements Serializable {
  private static final long serialVersionUID = 1;

  private final Map<String, Param<?>> params = new LinkedHashMap<>();
  private final ParamMap defaults = new ParamMap();

  DescribedParams(Params owner, List<Hyperparameter> descriptions) {
    SparkVersion.requireMatching();
    for (Hyperparameter description : descriptions) {
      Param<?> param = param(owner, description);
      params.put(description.param(), param);
      description.defaultValue().ifPresent(value -> putDefault(param, value));
    }
  }

  /**
   * Returns the param of a name.
   *
   * @param <P> its type, which the description settles
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // getters are generated
  <P> P get(String name) {
    return (P) params.get(name);
  }

  /** Returns the defaults of those that have one. */
  ParamMap defaults() {
    return defaults;
  }

  private static Param<?> param(Params owner, Hyperparameter description) {
    String name = description.param();
    String doc = description.explained();
    Range.Condition condition = description.range().condition();
    return switch (description.type()) {
      case BOOLEAN -> new BooleanParam(owner, name, doc);
      case INT -> new IntParam(owner, name, doc, new Validator<>(condition));
      case LONG -> new LongParam(owner, name, doc, new Validator<>(condition));
      case DOUBLE -> new DoubleParam(owner, name, doc, new Validator<>(condition));
      case TEXT -> TextParams.of(owner, name, doc, new Validator<>(condition));
      case INTS ->
          new IntArrayParam(
              owner,
              name,
              doc,
              new Validator<>(
                  values -> Arrays.stream((int[]) values).allMatch(condition::accepts)));
      case DOUBLES ->
          new DoubleArrayParam(
              owner,
              name,
              doc,
              new Validator<>(
                  values -> Arrays.stream((double[]) values).allMatch(condition::accepts)));
      case TEXTS -> new StringArrayParam(owner, name, doc);
    };
  }

  /** Puts a default, a list as the array that the param takes. */
  @SuppressWarnings("unchecked") // the description has the param's type
  private void putDefault(Param<?> param, Object value) {
    Object standard = value;
    if (value instanceof List<?> list) {
      standard =
          param instanceof IntArrayParam
              ? ((List<Integer>) list).stream().mapToInt(Integer::intValue).toArray()
              : list.toArray(new String[0]);
    }
    defaults.put((Param<Object>) param, standard);
  }

  /** A condition as Spark ML has it. */
  private static final class Validator<T> extends AbstractFunction1<T, Object>
      implements Serializable {
    private static final long serialVersionUID = 1;

    private final Range.Condition condition;

    Validator(Range.Condition condition) {
      this.condition = condition;
    }

    @Override
    public Object apply(T value) {
      return condition.accepts(value);
    }
  }
}
