package chainrule.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import scala.Function1;

/** Params whose values are texts. */
final class TextParams {
  private TextParams() {}

  /** Returns a param of an owner. */
  static Param<String> of(
      Params owner, String name, String doc, Function1<String, Object> validator) {
    return new Param<>(owner, name, doc, validator);
  }
}
