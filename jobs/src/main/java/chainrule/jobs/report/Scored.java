package chainrule.jobs.report;

import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.math.Matrix;
import chainrule.model.BlockScorer;
import chainrule.train.sums.ClassPrediction;
import java.util.List;

/** Rows with their labels and predictions. Empty for a model with several labels. */
final class Scored {
  private static final int BLOCK = 256;

  private final List<String> classes;
  private final int[] actualClass;
  private final int[] predictedClass;
  private final double[] secondProbability;
  private final double[] actual;
  private final double[] predicted;

  private Scored(List<String> classes, int rows, boolean numbers) {
    this.classes = classes;
    this.actualClass = new int[classes.isEmpty() ? 0 : rows];
    this.predictedClass = new int[actualClass.length];
    this.secondProbability = new double[classes.size() == 2 ? rows : 0];
    this.actual = new double[numbers ? rows : 0];
    this.predicted = new double[actual.length];
  }

  static Scored of(Evidence evidence) {
    LabelEncoding label = evidence.model().encoder().label();
    List<RawRow> rows = evidence.rows();
    List<String> names =
        label instanceof LabelEncoding.Classes classes ? classes.names() : List.of();
    var scored = new Scored(names, rows.size(), label instanceof LabelEncoding.Scale);
    if (rows.isEmpty()) {
      return scored;
    }
    int capacity = Math.min(BLOCK, rows.size());
    var scorer = new BlockScorer(evidence.model(), evidence.kernels(), capacity);
    for (int from = 0; from < rows.size(); from += capacity) {
      int count = Math.min(capacity, rows.size() - from);
      for (int i = 0; i < count; i++) {
        scorer.put(i, rows.get(from + i));
      }
      Matrix predictions = scorer.outputs(count);
      evidence.model().loss().toPredictions(predictions);
      for (int i = 0; i < count; i++) {
        float target = label.target(rows.get(from + i), 0); // not used with several labels
        scored.set(from + i, label, predictions, i, target);
      }
    }
    return scored;
  }

  private void set(int at, LabelEncoding label, Matrix predictions, int row, float target) {
    if (label instanceof LabelEncoding.Classes) {
      actualClass[at] = (int) target;
      predictedClass[at] = ClassPrediction.classOf(predictions, row);
      if (classes.size() == 2) {
        secondProbability[at] = ClassPrediction.probability(predictions, row, 1);
      }
    } else if (label instanceof LabelEncoding.Scale scale) {
      actual[at] = scale.original(target);
      predicted[at] = scale.original(predictions.get(row, 0));
    }
  }

  /** Returns the classes in ascending order; none for a regression. */
  List<String> classes() {
    return classes;
  }

  /** Returns the class of each row; none for a regression. */
  int[] actualClass() {
    return actualClass.clone();
  }

  int[] predictedClass() {
    return predictedClass.clone();
  }

  /** Returns the probability of the second of two classes; none without exactly two classes. */
  double[] secondProbability() {
    return secondProbability.clone();
  }

  /** Returns the label of each row, in its unit; none for a classification. */
  double[] actual() {
    return actual.clone();
  }

  double[] predicted() {
    return predicted.clone();
  }
}
