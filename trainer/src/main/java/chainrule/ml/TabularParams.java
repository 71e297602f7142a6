package chainrule.ml;

import chainrule.data.Encoder;
import chainrule.data.NumberEncoding;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The params of {@link TabularEncoder} and its model. */
public interface TabularParams extends Params {
  /** Returns where the params are kept; not for callers. */
  Kept tabularParams();

  default StringArrayParam inputCols() {
    return tabularParams().inputCols;
  }

  default String[] getInputCols() {
    return getOrDefault(inputCols());
  }

  default StringArrayParam excludedCols() {
    return tabularParams().excludedCols;
  }

  default String[] getExcludedCols() {
    return getOrDefault(excludedCols());
  }

  default StringArrayParam categoricalCols() {
    return tabularParams().categoricalCols;
  }

  default String[] getCategoricalCols() {
    return getOrDefault(categoricalCols());
  }

  default Param<String> outputCol() {
    return tabularParams().outputCol;
  }

  default String getOutputCol() {
    return getOrDefault(outputCol());
  }

  default BooleanParam standardization() {
    return tabularParams().standardization;
  }

  default boolean getStandardization() {
    return (Boolean) getOrDefault(standardization());
  }

  default Param<String> numberEncoding() {
    return tabularParams().numberEncoding;
  }

  default String getNumberEncoding() {
    return getOrDefault(numberEncoding());
  }

  default IntParam embedAbove() {
    return tabularParams().embedAbove;
  }

  default int getEmbedAbove() {
    return (Integer) getOrDefault(embedAbove());
  }

  /** The params of one object. */
  final class Kept implements Serializable {
    private static final long serialVersionUID = 1;

    private final StringArrayParam inputCols;
    private final StringArrayParam excludedCols;
    private final StringArrayParam categoricalCols;
    private final Param<String> outputCol;
    private final BooleanParam standardization;
    private final Param<String> numberEncoding;
    private final IntParam embedAbove;

    Kept(Params owner) {
      inputCols =
          new StringArrayParam(
              owner, "inputCols", "columns to encode; unset: all but excludedCols");
      excludedCols =
          new StringArrayParam(
              owner,
              "excludedCols",
              "columns that are not encoded if inputCols is unset: the label, for one");
      categoricalCols =
          new StringArrayParam(
              owner,
              "categoricalCols",
              "columns whose values are names, even if they are numbers; unset: text and boolean"
                  + " columns");
      outputCol = new Param<>(owner, "outputCol", "column of the vectors");
      standardization =
          new BooleanParam(
              owner,
              "standardization",
              "whether numbers are brought to mean 0 and deviation 1 of the rows of the fit");
      numberEncoding =
          new Param<>(
              owner,
              "numberEncoding",
              "inputs of a number: plain or piecewise-linear; unset: piecewise-linear up to 384"
                  + " numbers if standardization is on",
              ParamValidators.inArray(
                  Arrays.stream(NumberEncoding.values())
                      .map(NumberEncoding::key)
                      .toArray(String[]::new)));
      embedAbove =
          new IntParam(
              owner,
              "embedAbove",
              "a column of more distinct names than this becomes one element, the name's index,"
                  + " with a nominal attribute, others are one-hot (0 to 65536)",
              ParamValidators.inRange(0, 65_536));
    }

    ParamMap defaults() {
      return new ParamMap()
          .put(excludedCols, new String[0])
          .put(outputCol, "features")
          .put(standardization, true)
          .put(embedAbove, Encoder.EMBED_ABOVE);
    }
  }
}
