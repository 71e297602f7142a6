package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import chainrule.spark.cluster.JobDescription;
import chainrule.spark.cluster.TaskResults;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Looks into the footers of Parquet files before anything is computed. Spark takes one file's
 * schema for all: of a file that lacks a column it makes missing values, and a damaged one it meets
 * in the middle of the work.
 */
final class ParquetFiles {
  private ParquetFiles() {}

  /**
   * The columns in a file's footer.
   *
   * @param problem why it cannot be read; empty if it can
   * @param types of its columns by their names
   */
  private record Footer(String file, String problem, Map<String, String> types)
      implements Serializable {}

  /**
   * Throws unless all files can be opened and have the same columns.
   *
   * @param files their URIs
   * @throws InvalidDataException if one is damaged, or has other columns than the first
   */
  static void requireAlike(SparkSession session, List<String> files) {
    var configuration = new SerializableConfiguration(session.sparkContext().hadoopConfiguration());
    int tasks = Math.min(files.size(), 4 * session.sparkContext().defaultParallelism());
    JavaRDD<Footer> looks =
        JavaSparkContext.fromSparkContext(session.sparkContext())
            .parallelize(files, tasks)
            .map(file -> footer(file, configuration.value()));
    List<Footer> footers =
        JobDescription.during(
            session.sparkContext(),
            "comparing the columns of files",
            () -> TaskResults.collect(looks));
    for (Footer footer : footers) {
      if (!footer.problem.isEmpty()) {
        throw new InvalidDataException(
            TableFiles.readable(footer.file) + ": Invalid Parquet file: " + footer.problem);
      }
      requireAlike(footer, footers.get(0));
    }
  }

  private static Footer footer(String file, Configuration configuration) {
    Map<String, String> types = new LinkedHashMap<>();
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(new Path(URI.create(file)), configuration))) {
      for (Type field : reader.getFileMetaData().getSchema().getFields()) {
        types.put(field.getName(), type(field));
      }
      return new Footer(file, "", types);
    } catch (IOException | RuntimeException e) {
      // A damaged footer can cause any exception in Parquet's reader; the driver reports it.
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      return new Footer(
          file, message.lines().findFirst().orElse("") + " (is it damaged or cut off?)", types);
    }
  }

  private static String type(Type field) {
    String physical =
        field.isPrimitive()
            ? field.asPrimitiveType().getPrimitiveTypeName().name().toLowerCase(Locale.ROOT)
            : "a group";
    return field.getLogicalTypeAnnotation() == null
        ? physical
        : physical + " " + field.getLogicalTypeAnnotation();
  }

  private static void requireAlike(Footer footer, Footer first) {
    String file = TableFiles.readable(footer.file);
    String other = TableFiles.readable(first.file);
    for (Map.Entry<String, String> column : first.types.entrySet()) {
      String type = footer.types.get(column.getKey());
      if (type == null) {
        throw differs(file, "it has no column \"" + column.getKey() + "\"", other);
      }
      if (!type.equals(column.getValue())) {
        throw new InvalidDataException(
            String.format(
                "%s:%s: Invalid column type: %s (must be %s, as in %s)",
                file, column.getKey(), type, column.getValue(), other));
      }
    }
    for (String name : footer.types.keySet()) {
      if (!first.types.containsKey(name)) {
        throw differs(file, "it has a column \"" + name + "\"", other);
      }
    }
  }

  private static InvalidDataException differs(String file, String what, String other) {
    return new InvalidDataException(
        file + ": Invalid schema: " + what + " (must have the columns of " + other + ")");
  }
}
