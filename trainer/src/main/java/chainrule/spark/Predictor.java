package chainrule.spark;

import chainrule.data.InvalidDataException;
import chainrule.data.LabelEncoding;
import chainrule.data.RowProblemException;
import chainrule.math.KernelChoice;
import chainrule.math.Matrix;
import chainrule.model.BlockScorer;
import chainrule.model.ModelFile;
import chainrule.spark.read.RowParser;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.TrainedModel;
import chainrule.train.sums.ClassPrediction;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Adds a model's predictions to the rows of a table: a column {@code prediction} (the class, or the
 * number in the label's own unit) and, for a classification, a column {@code probability_<class>}
 * for each class. With several labels, each has a column {@code prediction_<label>} and, if it has
 * two classes, {@code probability_<label>}: the probability of the second, such as 1, true or yes.
 */
public final class Predictor {
  /** Rows that go through the network at once. */
  private static final int BATCH = 128;

  private static final String PREDICTION = "prediction";
  private static final String PROBABILITY = "probability_";

  private final TrainedModel model;
  private final String kernels;

  /**
   * @param kernels name of the kernels to use, or auto
   */
  public Predictor(TrainedModel model, String kernels) {
    this.model = Objects.requireNonNull(model, "model");
    this.kernels = KernelChoice.resolve(kernels);
  }

  /**
   * Returns the table's rows with predictions after their columns. The table needs no label.
   *
   * @throws InvalidDataException if a column is missing, or one is named as a prediction
   */
  public Dataset<Row> predict(TableReader reader) {
    TableReader.Selection selection = reader.select(model.schema(), RowPolicy.defaults(), false);
    StructType schema = reader.rows().schema();
    int width = schema.size();
    StructType predicted = schema;
    var session = reader.rows().sparkSession();
    Set<String> taken = new HashSet<>(); // only looked up
    reader.columns().forEach(name -> taken.add(TableReader.asSparkSees(session, name)));
    for (StructField field : predictionFields()) {
      String name = field.name();
      if (reader.columns().contains(name)) {
        throw new InvalidDataException(
            "Cannot predict: the table has a column \"" + name + "\" already (must be renamed)");
      }
      if (!taken.add(TableReader.asSparkSees(session, name))) {
        throw new InvalidDataException(
            "Cannot predict: another column is named \""
                + name
                + "\" but for upper and lower case (must be renamed unless"
                + " spark.sql.caseSensitive = true)");
      }
      predicted = predicted.add(field);
    }
    var serialized = new SerializedModel(ModelFile.toBytes(model), kernels);
    RowParser parser = selection.parser();
    return reader
        .with(selection)
        .mapPartitions(
            (Iterator<Row> rows) -> new Scorer(serialized, parser, width).score(rows),
            Encoders.row(predicted));
  }

  /** A model on its way to a task. */
  private static final class SerializedModel implements Serializable {
    private static final long serialVersionUID = 1;
    private final byte[] bytes;
    private final String kernels;

    SerializedModel(byte[] bytes, String kernels) {
      this.bytes = bytes;
      this.kernels = kernels;
    }
  }

  private List<StructField> predictionFields() {
    LabelEncoding label = model.encoder().label();
    List<StructField> fields = new ArrayList<>();
    for (int i = 0; i < label.count(); i++) {
      LabelEncoding each = label.each().get(i);
      String suffix = label instanceof LabelEncoding.Several of ? '_' + of.names().get(i) : "";
      fields.add(DataTypes.createStructField(PREDICTION + suffix, type(each), true));
      if (each instanceof LabelEncoding.Classes classes) {
        List<String> names = suffix.isEmpty() ? classes.names() : List.of(suffix.substring(1));
        names.forEach(
            name ->
                fields.add(
                    DataTypes.createStructField(PROBABILITY + name, DataTypes.DoubleType, true)));
      }
    }
    return fields;
  }

  private static DataType type(LabelEncoding label) {
    return label instanceof LabelEncoding.Classes classes && !classes.numeric()
        ? DataTypes.StringType
        : DataTypes.DoubleType;
  }

  private static Object valueOf(LabelEncoding.Classes classes, int index) {
    String name = classes.names().get(index);
    return classes.numeric() ? (Object) Double.valueOf(name) : name;
  }

  /** Scores the rows of a task, a batch at a time. */
  private static final class Scorer {
    private final TrainedModel model;
    private final RowParser parser;
    private final int width;
    private final BlockScorer scorer;

    Scorer(SerializedModel serialized, RowParser parser, int width) {
      this.model = ModelFile.of(serialized.bytes);
      this.parser = parser;
      this.width = width;
      this.scorer = new BlockScorer(model, KernelChoice.named(serialized.kernels), BATCH);
    }

    Iterator<Row> score(Iterator<Row> rows) {
      return new Iterator<>() {
        private Iterator<Row> scored = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
          return scored.hasNext() || rows.hasNext();
        }

        @Override
        public Row next() {
          if (!scored.hasNext()) {
            scored = nextBatch(rows);
          }
          return scored.next();
        }
      };
    }

    private Iterator<Row> nextBatch(Iterator<Row> rows) {
      List<Row> batch = new ArrayList<>(BATCH);
      while (rows.hasNext() && batch.size() < BATCH) {
        Row row = rows.next();
        encode(row, batch.size());
        batch.add(row);
      }
      Matrix outputs = scorer.outputs(batch.size());
      model.loss().toPredictions(outputs);
      return IntStream.range(0, batch.size())
          .mapToObj(i -> withPredictions(batch.get(i), outputs, i))
          .toList()
          .iterator();
    }

    private void encode(Row row, int to) {
      scorer.put(to, parser.parse(parserRow(row)).orElseThrow(RowProblemException::new));
    }

    /**
     * Returns the columns after the table's own, which are the parser's, in Spark's internal form.
     */
    private InternalRow parserRow(Row row) {
      Object[] values = new Object[row.size() - width];
      for (int i = 0; i < values.length; i++) {
        Object value = row.get(width + i);
        values[i] = value instanceof String text ? UTF8String.fromString(text) : value;
      }
      return new GenericInternalRow(values);
    }

    private Row withPredictions(Row row, Matrix predictions, int index) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        values.add(row.get(i));
      }
      if (model.encoder().label() instanceof LabelEncoding.Several several) {
        for (int i = 0; i < several.count(); i++) {
          addLabel(values, several.each().get(i), predictions.get(index, i));
        }
      } else if (model.encoder().label() instanceof LabelEncoding.Classes classes) {
        values.add(valueOf(classes, ClassPrediction.classOf(predictions, index)));
        for (int i = 0; i < classes.names().size(); i++) {
          values.add(ClassPrediction.probability(predictions, index, i));
        }
      } else if (model.encoder().label() instanceof LabelEncoding.Scale scale) {
        values.add(scale.original(predictions.get(index, 0)));
      }
      return RowFactory.create(values.toArray());
    }

    private static void addLabel(List<Object> values, LabelEncoding label, float output) {
      if (label instanceof LabelEncoding.Classes classes) {
        values.add(valueOf(classes, ClassPrediction.classOf(output)));
        values.add(ClassPrediction.probability(output, 1));
      } else if (label instanceof LabelEncoding.Scale scale) {
        values.add(scale.original(output));
      }
    }
  }
}
