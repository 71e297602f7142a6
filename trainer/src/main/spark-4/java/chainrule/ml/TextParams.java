package chainrule.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.Identifiable;
import scala.Function1;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Params whose values are texts. */
final class TextParams {
  private TextParams() {}

  /** Returns a param of an owner. */
  static Param<String> of(
      Params owner, String name, String doc, Function1<String, Object> validator) {
    try {
      return new Param<>(owner, name, doc, validator);
    } catch (NoSuchMethodError e) {
      return ofSpark400(owner, name, doc, validator);
    }
  }

  /**
   * Spark 4.0.0 alone has another constructor, with a class tag (SPARK-52259); this code is
   * compiled with a later version, which lacks it.
   */
  @SuppressWarnings("unchecked") // the class tag is String's
  private static Param<String> ofSpark400(
      Params owner, String name, String doc, Function1<String, Object> validator) {
    try {
      return (Param<String>)
          Param.class
              .getConstructor(
                  Identifiable.class, String.class, String.class, Function1.class, ClassTag.class)
              .newInstance(owner, name, doc, validator, ClassTag$.MODULE$.apply(String.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make the param " + name + ": " + e, e);
    }
  }
}
