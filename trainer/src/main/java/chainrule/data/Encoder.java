package chainrule.data;

import chainrule.math.Check;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Turns a row as it was read into a packed row as the network sees it. Fitted once from the
 * statistics of the training rows; applied alike to every row ever after.
 *
 * <p>A packed row has, in this order: each numeric column, z = (x − mean) / deviation and then z /
 * √(1 + (z/5)²), which is z near 0 and never beyond ±5; for each numeric column that had missing
 * values in training, 1 where it is missing and 0 elsewhere; for each numeric column that is {@link
 * PiecewiseLinear} too, its position among the edges; each categorical column, the index of its
 * value by falling frequency in training, those of embedded columns last. A missing number counts
 * as the column's median. A missing category is a separate value; one unseen in training has index
 * −1, for which {@link InputLayout} gives zeros, or of an embedded column the index behind the
 * last.
 *
 * <p>Values of an embedded column that occur once in training share the index of unseen values: an
 * embedding of a single row would only memorize that row, and together these values train the
 * embedding of a rare value, which an unseen value is too.
 *
 * <p>Immutable; threads may share it.
 *
 * <p>Source: the smooth clip is RealMLP's; Holzmüller, Grinsztajn, Steinwart 2024, arXiv
 * 2407.04491.
 */
public final class Encoder implements Serializable {
  private static final long serialVersionUID = 1;

  /** A categorical column of more distinct values than this is embedded by default. */
  public static final int EMBED_ABOVE = 512;

  /**
   * How a numeric column is encoded.
   *
   * @param name of the column
   * @param mean of the training rows, which is subtracted; in the column's unit
   * @param deviation of the training rows, which is divided by; above 0, in the column's unit
   * @param imputed what stands for a missing value
   * @param indicator whether the column has an input that is 1 where it is missing
   * @param clipped whether outliers are clipped smoothly
   * @param piecewise what the column has besides, or none
   */
  public record Numeric(
      String name,
      double mean,
      double deviation,
      double imputed,
      boolean indicator,
      boolean clipped,
      PiecewiseLinear piecewise)
      implements Serializable {
    public Numeric {
      Objects.requireNonNull(piecewise, "piecewise");
      Objects.requireNonNull(name, "name");
      Check.argument(Double.isFinite(mean), "mean of " + name, mean, "finite");
      Check.argument(
          deviation > 0 && Double.isFinite(deviation),
          "deviation of " + name,
          deviation,
          "> 0 and finite");
      Check.argument(Double.isFinite(imputed), "imputed value of " + name, imputed, "finite");
    }

    /** Makes the encoding of a column that has no piecewise-linear inputs. */
    public Numeric(
        String name,
        double mean,
        double deviation,
        double imputed,
        boolean indicator,
        boolean clipped) {
      this(name, mean, deviation, imputed, indicator, clipped, PiecewiseLinear.none());
    }

    private boolean isPiecewise() {
      return piecewise.inputs() > 0;
    }

    float position(double value) {
      return piecewise.position(Double.isNaN(value) ? imputed : value);
    }
  }

  /**
   * How a categorical column is encoded.
   *
   * @param name of the column
   * @param values those that have an index, by falling frequency
   * @param embedded whether the network looks the index up; if not, each value is an input
   */
  public record Categorical(String name, List<String> values, boolean embedded)
      implements Serializable {
    public Categorical {
      Objects.requireNonNull(name, "name");
      values = List.copyOf(values);
    }

    /** Makes the encoding of a column whose values are inputs. */
    public Categorical(String name, List<String> values) {
      this(name, values, false);
    }

    /** Returns the index of values that have none of their own. */
    public int unseen() {
      return embedded ? values.size() : -1;
    }
  }

  private final List<Numeric> numerics;
  private final List<Categorical> categoricals;
  private final LabelEncoding label;
  private final InputLayout layout;
  private final NumberScaling scaling;
  private final int[] special; // the numeric columns that have more than the one cell
  private final List<Map<String, Integer>> indices = new ArrayList<>();

  /** Makes an encoder of columns in the order of the schema; numeric ones come first. */
  public Encoder(List<Numeric> numerics, List<Categorical> categoricals, LabelEncoding label) {
    this.numerics = List.copyOf(numerics);
    this.categoricals = List.copyOf(categoricals);
    this.label = Objects.requireNonNull(label, "label");
    this.scaling = new NumberScaling(numerics);
    this.special =
        IntStream.range(0, numerics.size())
            .filter(i -> numerics.get(i).indicator() || numerics.get(i).isPiecewise())
            .toArray();
    int indicators = (int) numerics.stream().filter(Numeric::indicator).count();
    this.layout =
        new InputLayout(
            numerics.size() + indicators,
            numerics.stream().filter(Numeric::isPiecewise).map(Numeric::piecewise).toList(),
            categoricals.stream()
                .filter(column -> !column.embedded())
                .map(column -> column.values().size())
                .toList(),
            categoricals.stream()
                .filter(Categorical::embedded)
                .map(column -> column.values().size() + 1)
                .toList());
    for (Categorical column : categoricals) {
      Map<String, Integer> index = new HashMap<>();
      column.values().forEach(value -> index.put(value, index.size()));
      indices.add(index);
    }
  }

  /**
   * Makes the encoder for the rows that were counted.
   *
   * @param standardize whether numbers are brought to mean 0 and deviation 1 and clipped; if not
   *     they are taken as they are
   * @param bins of the piecewise-linear encoding of each numeric column, 0 for none
   * @param embedAbove a categorical column of more distinct values than this is embedded
   * @throws InvalidDataException if a column cannot be encoded
   */
  public static Encoder fit(
      TableStatistics statistics,
      LabelEncoding label,
      boolean standardize,
      int bins,
      int embedAbove) {
    List<Numeric> numerics = new ArrayList<>();
    List<Column> numericColumns = statistics.schema().numericFeatures();
    for (int i = 0; i < numericColumns.size(); i++) {
      numerics.add(fit(numericColumns.get(i).name(), statistics.numbers(i), standardize, bins));
    }
    List<Categorical> categoricals = new ArrayList<>();
    List<Column> categoricalColumns = statistics.schema().categoricalFeatures();
    for (int i = 0; i < categoricalColumns.size(); i++) {
      categoricals.add(fit(categoricalColumns.get(i).name(), statistics.categories(i), embedAbove));
    }
    return new Encoder(numerics, categoricals, label);
  }

  private static Numeric fit(String name, NumberStatistics numbers, boolean standardize, int bins) {
    double median = numbers.quantile(0.5); // rows to come may miss what training never did
    boolean indicator = numbers.missing() > 0;
    PiecewiseLinear piecewise = PiecewiseLinear.fit(numbers, median, bins);
    if (!standardize) {
      return new Numeric(name, 0, 1, median, indicator, false, piecewise);
    }
    double deviation = numbers.deviation(median);
    return new Numeric(
        name,
        numbers.meanWith(median),
        deviation > 0 ? deviation : 1,
        median,
        indicator,
        true,
        piecewise);
  }

  private static Categorical fit(String name, CategoryCounts counts, int embedAbove) {
    if (counts.overflowed()) {
      throw new InvalidDataException(
          name
              + ": Invalid categorical column: more than "
              + TableStatistics.MAXIMUM_DISTINCT
              + " distinct values (must be fewer; exclude the column if it is an identifier)");
    }
    List<String> values = counts.byFrequency();
    if (values.size() <= embedAbove) {
      return new Categorical(name, values);
    }
    return new Categorical(
        name, values.stream().filter(value -> counts.count(value) > 1).toList(), true);
  }

  /**
   * Writes the packed row to {@code cells} from {@code at}; it is {@link InputLayout#cells} wide.
   */
  public void encode(RawRow row, float[] cells, int at) {
    scaling.scale(row, cells, at);
    int indicator = at + numerics.size();
    int position = at + layout.dense();
    for (int i : special) {
      Numeric numeric = numerics.get(i);
      double value = row.number(i);
      if (numeric.indicator()) {
        cells[indicator++] = Double.isNaN(value) ? 1 : 0;
      }
      if (numeric.isPiecewise()) {
        cells[position++] = numeric.position(value);
      }
    }
    int embedded = position + layout.categorySizes().size();
    for (int i = 0; i < categoricals.size(); i++) {
      Categorical column = categoricals.get(i);
      Integer index = indices.get(i).get(row.category(i));
      cells[column.embedded() ? embedded++ : position++] = index == null ? column.unseen() : index;
    }
  }

  /**
   * Writes the targets of a row from {@code at}, one for each label: class indices, or numbers in
   * units of the training deviation.
   */
  public void targets(RawRow row, float[] targets, int at) {
    for (int i = 0; i < label.count(); i++) {
      targets[at + i] = label.target(row, i);
    }
  }

  public InputLayout layout() {
    return layout;
  }

  public LabelEncoding label() {
    return label;
  }

  public List<Numeric> numerics() {
    return numerics;
  }

  public List<Categorical> categoricals() {
    return categoricals;
  }
}
