package chainrule.spark.read;

import chainrule.math.Check;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Where a table is and how it is written. Immutable.
 *
 * @param paths files, folders or globs, in any file system that Hadoop knows
 * @param format csv, parquet, any other that Spark SQL knows, or auto: by the extension
 * @param csv how CSV files are written; ignored for other formats
 */
public record TableSource(List<String> paths, String format, Csv csv) {
  /**
   * How CSV files are written.
   *
   * @param header whether the first line of each file names the columns; otherwise they are _c0,
   *     _c1, …
   * @param separator between cells; one character
   * @param nullValue the text of a missing cell; an empty cell is always missing
   */
  public record Csv(boolean header, String separator, String nullValue) implements Serializable {
    public Csv {
      Check.argument(
          separator.length() == 1, "data.csv.separator", '"' + separator + '"', "one character");
      Objects.requireNonNull(nullValue, "nullValue");
    }

    /** Returns the default: a header, commas, and empty missing cells. */
    public static Csv defaults() {
      return new Csv(true, ",", "");
    }
  }

  private static final List<String> CSV_ENDINGS =
      List.of(".csv", ".csv.gz", ".csv.bz2", ".csv.zst", ".tsv", ".tsv.gz", ".txt", ".txt.gz");

  public TableSource {
    paths = List.copyOf(paths);
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(csv, "csv");
    Check.argument(!paths.isEmpty(), "paths", paths, "at least one");
  }

  /** Returns the Spark SQL format of these files, by their name if it is auto. */
  String formatOf(List<String> files) {
    if (format.equalsIgnoreCase("csv") || format.equalsIgnoreCase("parquet")) {
      return format.toLowerCase(Locale.ROOT);
    }
    if (!format.equals("auto")) {
      return format;
    }
    String first = files.get(0);
    if (CSV_ENDINGS.stream().anyMatch(first::endsWith)) {
      return "csv";
    }
    if (first.endsWith(".parquet")) {
      return "parquet";
    }
    throw new IllegalArgumentException(
        "Invalid data.format: auto (must be csv, parquet or another format of Spark SQL for "
            + TableFiles.readable(first)
            + ", whose ending is not known)");
  }
}
