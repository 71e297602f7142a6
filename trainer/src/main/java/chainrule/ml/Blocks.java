package chainrule.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Adds columns to the rows of a Dataset, which are computed from a block of rows at a time. */
final class Blocks {
  private Blocks() {}

  /** Computes the added columns of a block of rows; made once a task, on the executor. */
  interface Columns {
    /** Returns for each row the values of the added columns. */
    List<Object[]> of(List<Row> block);
  }

  /** Makes the {@link Columns} of a task. */
  interface Factory extends Serializable {
    Columns create();
  }

  /**
   * Returns the rows with columns appended.
   *
   * @param schema the rows' own columns, then the added ones
   */
  static Dataset<Row> add(Dataset<Row> rows, StructType schema, Factory factory) {
    int width = rows.schema().size();
    Dataset<Row> scored =
        rows.mapPartitions(
            (Iterator<Row> part) -> new Scored(part, width, schema.size(), factory.create()),
            Encoders.row(schema));
    // Spark forgets the columns' metadata on the way, in which Spark ML has their attributes.
    return scored.select(
        Arrays.stream(schema.fields())
            .map(
                field ->
                    functions
                        .col('`' + field.name().replace("`", "``") + '`')
                        .as(field.name(), field.metadata()))
            .toArray(Column[]::new));
  }

  /** Returns the vectors of a block, which are in this column. */
  static List<Vector> vectors(List<Row> block, int features) {
    List<Vector> vectors = new ArrayList<>(block.size());
    for (Row row : block) {
      if (row.isNullAt(features)) {
        throw new IllegalArgumentException(
            "Invalid features: null (must be a vector in every row)");
      }
      vectors.add((Vector) row.get(features));
    }
    return vectors;
  }

  private static final class Scored implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final int width;
    private final int widthWithAdded;
    private final Columns columns;
    private Iterator<Row> block = Collections.emptyIterator();

    Scored(Iterator<Row> rows, int width, int widthWithAdded, Columns columns) {
      this.rows = rows;
      this.width = width;
      this.widthWithAdded = widthWithAdded;
      this.columns = columns;
    }

    @Override
    public boolean hasNext() {
      return block.hasNext() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!block.hasNext()) {
        block = nextBlock();
      }
      return block.next();
    }

    private Iterator<Row> nextBlock() {
      List<Row> read = new ArrayList<>(Scorer.BLOCK);
      while (rows.hasNext() && read.size() < Scorer.BLOCK) {
        read.add(rows.next());
      }
      List<Object[]> added = columns.of(read);
      List<Row> scored = new ArrayList<>(read.size());
      for (int i = 0; i < read.size(); i++) {
        Object[] values = new Object[widthWithAdded];
        for (int j = 0; j < width; j++) {
          values[j] = read.get(i).get(j);
        }
        System.arraycopy(added.get(i), 0, values, width, widthWithAdded - width);
        scored.add(RowFactory.create(values));
      }
      return scored.iterator();
    }
  }
}
