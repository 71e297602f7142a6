package chainrule.model;

import chainrule.data.CellValues;
import chainrule.data.Column;
import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.math.KernelChoice;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.train.TrainedModel;
import chainrule.train.sums.ClassPrediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Predicts without Spark, for use in a service: a row is a map from the names of the table's
 * columns to values, numbers or texts. A value that is absent or null is missing.
 *
 * <pre>{@code
 * RowScorer scorer = RowScorer.load(Path.of("out/penguins/network.safetensors"));
 * scorer.predict(Map.of("bill_length_mm", 39.1, "island", "Torgersen")).label();
 * }</pre>
 *
 * <p>With several labels, {@link #predictLabels(Map)} predicts each by its name.
 *
 * <p>Threads may share it. Errors: {@link InvalidDataException} that names the column if a value
 * cannot be read.
 */
public final class RowScorer {
  private static final int BLOCK = 256;

  private final TrainedModel model;
  private final ThreadLocal<BlockScorer> single;
  private final ThreadLocal<BlockScorer> blocks;

  /**
   * The prediction of a row's label. Immutable.
   *
   * @param label the class, or the number as a text
   * @param value of a regression, the number in the label's unit; of a class, its index
   * @param probabilities by class, in ascending order of classes; empty for a regression
   */
  public record Prediction(String label, double value, Map<String, Double> probabilities) {}

  /** Scores with a model; predictions of different kernels differ in their last bits. */
  public RowScorer(TrainedModel model, Kernels kernels) {
    this.model = model;
    this.single = ThreadLocal.withInitial(() -> new BlockScorer(model, kernels, 1));
    this.blocks = ThreadLocal.withInitial(() -> new BlockScorer(model, kernels, BLOCK));
  }

  /**
   * Reads the file {@code network.safetensors} that training wrote.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is damaged or a newer version's
   */
  public static RowScorer load(Path file) throws IOException {
    Kernels kernels = KernelChoice.named(KernelChoice.resolve(KernelChoice.AUTO));
    return new RowScorer(ModelFile.of(Files.readAllBytes(file)), kernels);
  }

  /** Returns the names of the columns that a prediction depends on. */
  public List<String> columns() {
    return model.schema().features().stream().map(Column::name).toList();
  }

  /** Returns the names of the columns that are predicted. */
  public List<String> labels() {
    return model.schema().labelNames();
  }

  /**
   * Predicts a row's label.
   *
   * @throws IllegalStateException if the model has several labels
   */
  public Prediction predict(Map<String, ?> row) {
    requireOneLabel();
    BlockScorer scorer = single.get();
    scorer.put(0, raw(row));
    return prediction(predictions(scorer.outputs(1)), 0);
  }

  /**
   * Predicts many rows, faster than one by one.
   *
   * @throws IllegalStateException if the model has several labels
   */
  public List<Prediction> predict(List<? extends Map<String, ?>> rows) {
    requireOneLabel();
    return predict(rows, this::prediction);
  }

  /** Predicts all labels of a row, by name in their order; also if there is only one. */
  public Map<String, Prediction> predictLabels(Map<String, ?> row) {
    BlockScorer scorer = single.get();
    scorer.put(0, raw(row));
    return labels(predictions(scorer.outputs(1)), 0);
  }

  /** Predicts all labels of many rows, faster than one by one. */
  public List<Map<String, Prediction>> predictLabels(List<? extends Map<String, ?>> rows) {
    return predict(rows, this::labels);
  }

  private void requireOneLabel() {
    if (model.schema().labels().size() > 1) {
      throw new IllegalStateException(
          "Cannot predict the label: there are several, "
              + labels()
              + " (predictLabels predicts them)");
    }
  }

  private <T> List<T> predict(
      List<? extends Map<String, ?>> rows, BiFunction<Matrix, Integer, T> reader) {
    BlockScorer scorer = blocks.get();
    List<T> read = new ArrayList<>(rows.size());
    for (int from = 0; from < rows.size(); from += BLOCK) {
      int count = Math.min(BLOCK, rows.size() - from);
      for (int i = 0; i < count; i++) {
        scorer.put(i, raw(rows.get(from + i)));
      }
      Matrix predictions = predictions(scorer.outputs(count));
      for (int i = 0; i < count; i++) {
        read.add(reader.apply(predictions, i));
      }
    }
    return read;
  }

  private RawRow raw(Map<String, ?> row) {
    List<Column> numerics = model.schema().numericFeatures();
    double[] numbers = new double[numerics.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(numerics.get(i).name(), row.get(numerics.get(i).name()));
    }
    List<Column> categoricals = model.schema().categoricalFeatures();
    String[] categories = new String[categoricals.size()];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = CellValues.category(row.get(categoricals.get(i).name()));
    }
    return RawRow.withNumericLabel(numbers, categories, 0, 1);
  }

  private static double number(String column, Object value) {
    boolean missing = value == null;
    if (missing || (value instanceof Number given && !Double.isInfinite(given.doubleValue()))) {
      return CellValues.number((Number) value);
    }
    throw new InvalidDataException(
        column + ": Invalid value: \"" + value + "\" (must be a finite number, or missing)");
  }

  private Matrix predictions(Matrix outputs) {
    model.loss().toPredictions(outputs);
    return outputs;
  }

  private Map<String, Prediction> labels(Matrix outputs, int row) {
    LabelEncoding label = model.encoder().label();
    Map<String, Prediction> labels = new LinkedHashMap<>();
    for (int i = 0; i < label.count(); i++) {
      Prediction prediction =
          label.count() == 1
              ? prediction(outputs, row)
              : prediction(label.each().get(i), outputs.get(row, i));
      labels.put(model.schema().labels().get(i).name(), prediction);
    }
    return labels;
  }

  /** Returns the prediction of one of several labels, from its output. */
  private static Prediction prediction(LabelEncoding label, float output) {
    if (label instanceof LabelEncoding.Classes classes) {
      Map<String, Double> probabilities = new LinkedHashMap<>();
      for (int i = 0; i < 2; i++) {
        probabilities.put(classes.names().get(i), ClassPrediction.probability(output, i));
      }
      int best = ClassPrediction.classOf(output);
      return new Prediction(classes.names().get(best), best, probabilities);
    }
    return number((LabelEncoding.Scale) label, output);
  }

  private static Prediction number(LabelEncoding.Scale scale, float output) {
    double value = scale.original(output);
    return new Prediction(Double.toString(value), value, Map.of());
  }

  private Prediction prediction(Matrix outputs, int row) {
    if (model.encoder().label() instanceof LabelEncoding.Scale scale) {
      return number(scale, outputs.get(row, 0));
    }
    List<String> names = ((LabelEncoding.Classes) model.encoder().label()).names();
    Map<String, Double> probabilities = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      probabilities.put(names.get(i), ClassPrediction.probability(outputs, row, i));
    }
    int best = ClassPrediction.classOf(outputs, row);
    return new Prediction(names.get(best), best, probabilities);
  }

  @Override
  public String toString() {
    return "RowScorer of " + columns();
  }
}
