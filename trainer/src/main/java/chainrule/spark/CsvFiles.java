package chainrule.spark;

import chainrule.data.InvalidDataException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Looks into CSV files from the driver, for what Spark's reader does not tell: whether their
 * headers agree, and on which line of a file a row stands. Uses the parser that Spark uses.
 */
final class CsvFiles {
  private CsvFiles() {}

  /**
   * Returns the column names: those of the first file's header, or _c0, _c1, … if there is none.
   *
   * @throws InvalidDataException if a file is empty, or its header differs from the first file's
   */
  static List<String> header(SparkSession session, List<String> files, TableSource.Csv csv) {
    Configuration configuration = session.sparkContext().hadoopConfiguration();
    List<String> names = new ArrayList<>();
    for (String file : csv.header() ? files : files.subList(0, 1)) {
      List<String> first = firstRecord(configuration, file, csv);
      if (names.isEmpty()) {
        for (int i = 0; i < first.size(); i++) {
          String name = csv.header() ? first.get(i) : "_c" + i;
          if (name.isEmpty()) {
            throw new InvalidDataException(
                readable(file) + ":1: Invalid header: column " + (i + 1) + " has no name");
          }
          names.add(name);
        }
      } else if (!names.equals(first)) {
        throw new InvalidDataException(
            String.format(
                "%s:1: Invalid header: %s (must be %s, as in %s)",
                readable(file),
                String.join(csv.separator(), first),
                String.join(csv.separator(), names),
                readable(files.get(0))));
      }
    }
    return names;
  }

  private static List<String> firstRecord(
      Configuration configuration, String file, TableSource.Csv csv) {
    CsvParser parser = parser(csv);
    try (Reader reader = open(configuration, file)) {
      parser.beginParsing(reader);
      String[] first = parser.parseNext();
      if (first == null) {
        throw new InvalidDataException(
            readable(file)
                + ": Invalid CSV file: it is empty (must have "
                + (csv.header() ? "a header and rows)" : "rows)"));
      }
      return Arrays.stream(first).map(cell -> cell == null ? "" : cell).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + readable(file) + ": " + e.getMessage(), e);
    } finally {
      parser.stopParsing();
    }
  }

  /** Returns the line, counted from 1, of the first record that the test is true of. */
  static OptionalLong line(
      SparkSession session, String file, TableSource.Csv csv, Predicate<List<String>> test) {
    CsvParser parser = parser(csv);
    try (Reader reader = open(session.sparkContext().hadoopConfiguration(), file)) {
      parser.beginParsing(reader);
      boolean header = csv.header();
      long line = parser.getContext() == null ? 0 : parser.getContext().currentLine();
      for (String[] cells = parser.parseNext(); cells != null; cells = parser.parseNext()) {
        if (!header
            && test.test(Arrays.stream(cells).map(cell -> cell == null ? "" : cell).toList())) {
          return OptionalLong.of(line + 1);
        }
        header = false;
        line = parser.getContext().currentLine();
      }
      return OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty(); // the line is a convenience; the error to report is another
    } finally {
      parser.stopParsing();
    }
  }

  private static CsvParser parser(TableSource.Csv csv) {
    var settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(csv.separator().charAt(0));
    settings.getFormat().setQuoteEscape('"');
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxCharsPerColumn(-1);
    settings.setMaxColumns(100_000);
    settings.setReadInputOnSeparateThread(false);
    return new CsvParser(settings);
  }

  private static Reader open(Configuration configuration, String file) throws IOException {
    Path path = new Path(URI.create(encoded(file)));
    InputStream stream = path.getFileSystem(configuration).open(path);
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
    InputStream plain = codec == null ? stream : codec.createInputStream(stream);
    var reader = new InputStreamReader(plain, StandardCharsets.UTF_8);
    return reader;
  }

  private static String encoded(String file) {
    return file.contains(" ") ? new Path(file).toUri().toString() : file;
  }

  /** Returns a file's name as a user writes it: a plain path if it is local. */
  static String readable(String file) {
    if (file.startsWith("file:")) {
      try {
        return URI.create(encoded(file)).getPath();
      } catch (IllegalArgumentException e) {
        return file;
      }
    }
    return file;
  }
}
