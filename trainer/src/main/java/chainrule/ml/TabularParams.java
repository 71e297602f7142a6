package chainrule.ml;

import chainrule.params.Hyperparameters;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The params of {@link TabularEncoder} and its model. */
public interface TabularParams extends Params {
  /** Returns the params; only for the classes of this package. */
  Kept tabularParams();

  default StringArrayParam inputCols() {
    return tabularParams().get("inputCols");
  }

  default String[] getInputCols() {
    return getOrDefault(inputCols());
  }

  default StringArrayParam excludedCols() {
    return tabularParams().get("excludedCols");
  }

  default String[] getExcludedCols() {
    return getOrDefault(excludedCols());
  }

  default StringArrayParam categoricalCols() {
    return tabularParams().get("categoricalCols");
  }

  default String[] getCategoricalCols() {
    return getOrDefault(categoricalCols());
  }

  default Param<String> outputCol() {
    return tabularParams().get("outputCol");
  }

  default String getOutputCol() {
    return getOrDefault(outputCol());
  }

  default BooleanParam standardization() {
    return tabularParams().get("standardization");
  }

  default boolean getStandardization() {
    return (Boolean) getOrDefault(standardization());
  }

  default Param<String> numberEncoding() {
    return tabularParams().get("numberEncoding");
  }

  default String getNumberEncoding() {
    return getOrDefault(numberEncoding());
  }

  default IntParam embedAbove() {
    return tabularParams().get("embedAbove");
  }

  default int getEmbedAbove() {
    return (Integer) getOrDefault(embedAbove());
  }

  /** The params of one object. */
  final class Kept extends DescribedParams {
    private static final long serialVersionUID = 1;

    Kept(Params owner) {
      super(owner, Hyperparameters.TABULAR);
    }
  }
}
