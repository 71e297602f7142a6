package chainrule.model;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.math.Check;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.math.RandomStream;
import chainrule.math.Seeds;
import chainrule.math.Slice;
import chainrule.nn.Loss;
import chainrule.train.TrainedModel;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.List;

/**
 * Permutation importance of a column: the increase of the mean loss over some rows when the
 * column's values are permuted among these rows, so that they no longer correspond to the label.
 * The importance of a column is small if another column can replace it.
 *
 * <p>A pure function of the model, the rows in their order and the seed, column by column, so
 * columns may be computed anywhere. The loss is the training's, without what only helps training.
 *
 * <p>Not for sharing. Errors: {@link IllegalArgumentException} if there are no rows.
 *
 * <p>Source: Breiman, <i>Random Forests</i>, Machine Learning 45 (2001), section 10; Fisher, Rudin,
 * Dominici, JMLR 20 (2019), 177.
 */
public final class PermutationImportance {
  private static final long SALT = 41;
  private static final int BLOCK = 256;

  private final TrainedModel model;
  private final List<RawRow> rows;
  private final Loss loss;
  private final BlockScorer scorer;
  private final Matrix targets;
  private final Slice weights;
  private final double weightSum;
  private final double baseLoss;

  /**
   * What was found of a column.
   *
   * @param column its index among the features
   * @param mean of the rise of the mean loss over the repeats, in the loss's unit
   * @param deviation of the rises from their mean; 0 of one repeat
   */
  public record Rise(int column, double mean, double deviation) implements Serializable {}

  /**
   * Measures the loss over the rows as they are, which every rise is counted from. Rows that all
   * weigh 0 count the same.
   *
   * @throws IllegalArgumentException if there are no rows
   */
  public PermutationImportance(TrainedModel model, List<RawRow> rows, Kernels kernels) {
    Check.argument(!rows.isEmpty(), "rows", rows.size(), "at least one");
    this.model = model;
    this.rows = List.copyOf(rows);
    this.loss = model.loss().forEvaluation();
    int capacity = Math.min(BLOCK, rows.size());
    this.scorer = new BlockScorer(model, kernels, capacity);
    int width = model.encoder().label().count();
    this.targets = Matrix.zeros(rows.size(), width);
    this.weights = Slice.of(new float[rows.size()]);
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      model.encoder().targets(rows.get(i), targets.array(), i * width);
      weights.set(i, (float) rows.get(i).weight());
      sum += weights.get(i);
    }
    if (sum == 0) { // rows of no weight still have a loss
      weights.fill(1);
      sum = rows.size();
    }
    this.weightSum = sum;
    this.baseLoss = loss(rows);
  }

  /** Returns the mean loss over the rows as they are. */
  public double loss() {
    return baseLoss;
  }

  /**
   * Returns by how much the loss rises without a column.
   *
   * @param column its index among the schema's features
   * @param repeats how often its values are dealt out, each time in another order
   */
  public Rise rise(int column, int repeats, long seed) {
    Check.argument(repeats > 0, "repeats", repeats, "> 0");
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < repeats; i++) {
      double rise = loss(dealt(column, Seeds.mix(seed, SALT, column, i))) - baseLoss;
      sum += rise;
      squares += rise * rise;
    }
    double mean = sum / repeats;
    double variance = Math.max(0, squares / repeats - mean * mean);
    return new Rise(column, mean, repeats == 1 ? 0 : Math.sqrt(variance));
  }

  /** Returns the rows with one column's values in another order. */
  private List<RawRow> dealt(int feature, long seed) {
    Column column = model.schema().features().get(feature);
    List<Column> alike =
        column.isNumeric()
            ? model.schema().numericFeatures()
            : model.schema().categoricalFeatures();
    int index = alike.indexOf(column);
    int[] order = new int[rows.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    new RandomStream(seed).shuffle(order, 0, order.length);
    return new AbstractList<>() {
      @Override
      public RawRow get(int i) {
        return withValueOf(rows.get(i), rows.get(order[i]), column.isNumeric(), index);
      }

      @Override
      public int size() {
        return order.length;
      }
    };
  }

  /** Returns a row with one value of another row; its label and weight are not needed. */
  private static RawRow withValueOf(RawRow row, RawRow other, boolean numeric, int index) {
    double[] numbers = new double[row.numberCount()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (numeric && i == index ? other : row).number(i);
    }
    String[] categories = new String[row.categoryCount()];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = (!numeric && i == index ? other : row).category(i);
    }
    return RawRow.withNumericLabel(numbers, categories, 0, 1);
  }

  private double loss(List<RawRow> of) {
    double sum = 0;
    for (int from = 0; from < of.size(); from += BLOCK) {
      int count = Math.min(BLOCK, of.size() - from);
      for (int i = 0; i < count; i++) {
        scorer.put(i, of.get(from + i));
      }
      int width = targets.columns();
      Matrix blockTargets =
          targets.asSlice().part(from * width, count * width).asMatrix(count, width);
      sum += loss.sum(scorer.outputs(count), blockTargets, weights.part(from, count));
    }
    return sum / weightSum;
  }
}
