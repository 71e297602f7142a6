package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import com.univocity.parsers.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Reads CSV files on the driver, for what Spark's reader does not report: whether their headers
 * agree, and on which line of a file a row is. As Spark's reader does, takes each line for a row
 * and skips blank lines. Files are named by their URIs.
 */
final class CsvFiles {
  /** Some programs begin a text file with it; Hadoop's reader skips it too. */
  private static final int BYTE_ORDER_MARK = 0xfeff;

  private CsvFiles() {}

  /** Receives the lines of a file that are not blank. */
  private interface LineVisitor {
    /**
     * Visits a line.
     *
     * @param number of the line in its file, from 1
     * @param first whether it is the file's first line that is not blank
     * @return whether to continue with the next line
     */
    boolean visit(String line, long number, boolean first);
  }

  private static void scan(SparkSession session, String file, LineVisitor visitor)
      throws IOException {
    try (BufferedReader lines = open(session.sparkContext().hadoopConfiguration(), file)) {
      boolean first = true;
      long number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          if (!visitor.visit(line, number, first)) {
            return;
          }
          first = false;
        }
        number++;
      }
    }
  }

  private static UncheckedIOException cannotRead(String file, IOException e) {
    return new UncheckedIOException(
        "Cannot read " + TableFiles.readable(file) + ": " + e.getMessage(), e);
  }

  /**
   * Returns the column names: those of the first file's header, or _c0, _c1, … if there is none.
   *
   * @throws InvalidDataException if a file is empty, or its header differs from the first file's
   */
  static List<String> header(SparkSession session, List<String> files, TableSource.Csv csv) {
    List<String> names = new ArrayList<>();
    for (String file : csv.header() ? files : files.subList(0, 1)) {
      List<String> first = firstRecord(session, file, csv);
      if (names.isEmpty()) {
        requireText(file, first);
        for (int i = 0; i < first.size(); i++) {
          String name = csv.header() ? first.get(i) : "_c" + i;
          if (name.isEmpty()) {
            throw new InvalidDataException(
                TableFiles.readable(file)
                    + ":1: Invalid header: column "
                    + (i + 1)
                    + " has no name");
          }
          names.add(name);
        }
      } else if (!names.equals(first)) {
        throw new InvalidDataException(
            String.format(
                "%s:1: Invalid header: %s (must be %s, as in %s)",
                TableFiles.readable(file),
                String.join(csv.separator(), first),
                String.join(csv.separator(), names),
                TableFiles.readable(files.get(0))));
      }
    }
    return names;
  }

  private static void requireText(String file, List<String> header) {
    for (String name : header) {
      if (!CsvFormat.isText(name)) {
        throw new InvalidDataException(
            String.format(
                "%s:1: Invalid header: \"%s\" (must be %s)",
                TableFiles.readable(file), name.replace("\0", "\\0"), CsvFormat.UTF8_TEXT));
      }
    }
  }

  private static List<String> firstRecord(SparkSession session, String file, TableSource.Csv csv) {
    var first = new StringBuilder();
    try {
      scan(
          session,
          file,
          (line, number, isFirst) -> {
            first.append(line);
            return false;
          });
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
    String line = first.toString();
    if (line.isEmpty()) { // a line that was found is not blank
      throw new InvalidDataException(
          TableFiles.readable(file)
              + ": Invalid CSV file: it is empty (must have "
              + (csv.header() ? "a header and rows)" : "rows)"));
    }
    if (CsvFormat.endsInQuotes(line, csv.separator().charAt(0))) {
      throw new InvalidDataException(
          String.format(
              "%s:1: Invalid header: \"%s\" (%s)",
              TableFiles.readable(file), line, CsvFormat.ONE_LINE));
    }
    return CsvFormat.cells(CsvFormat.parser(csv), line);
  }

  /** Returns the cells of the first rows, in the order of files. */
  static List<List<String>> firstRows(
      SparkSession session, List<String> files, TableSource.Csv csv, int count) {
    CsvParser parser = CsvFormat.parser(csv);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < files.size() && rows.size() < count; i++) {
      try {
        scan(
            session,
            files.get(i),
            (line, number, first) -> {
              if (!first || !csv.header()) {
                rows.add(CsvFormat.cells(parser, line));
              }
              return rows.size() < count;
            });
      } catch (IOException e) {
        throw cannotRead(files.get(i), e);
      }
    }
    return rows;
  }

  /**
   * Returns the number of the first row's line, from 1, for which the test is true, given the
   * line's text and cells; empty if there is none, or the file cannot be read.
   */
  static OptionalLong line(
      SparkSession session,
      String file,
      TableSource.Csv csv,
      BiPredicate<String, List<String>> test) {
    CsvParser parser = CsvFormat.parser(csv);
    long[] found = {-1};
    try {
      scan(
          session,
          file,
          (line, number, first) -> {
            boolean isRow = !first || !csv.header();
            if (isRow && test.test(line, CsvFormat.cells(parser, line))) {
              found[0] = number;
            }
            return found[0] < 0;
          });
    } catch (IOException e) {
      return OptionalLong.empty(); // the line is a convenience; the error to report is another
    }
    return found[0] < 0 ? OptionalLong.empty() : OptionalLong.of(found[0]);
  }

  private static BufferedReader open(Configuration configuration, String file) throws IOException {
    Path path = new Path(URI.create(file));
    InputStream stream = path.getFileSystem(configuration).open(path);
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
    InputStream plain = codec == null ? stream : codec.createInputStream(stream);
    var lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    lines.mark(1);
    if (lines.read() != BYTE_ORDER_MARK) {
      lines.reset();
    }
    return lines;
  }
}
