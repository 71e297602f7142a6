package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Looks into CSV files from the driver, for what Spark's reader does not tell: whether their
 * headers agree, and on which line of a file a row stands. Uses the parser that Spark uses. Files
 * are named by their URIs.
 */
final class CsvFiles {
  /** Some programs begin a text file with it; Hadoop's reader leaves it out too. */
  private static final int BYTE_ORDER_MARK = 0xfeff;

  /** What Java's decoders put in the place of bytes that are no character. */
  static final char NOT_UTF8 = '\ufffd';

  /** What a row must be that ends inside quotation marks. */
  static final String ONE_LINE =
      "must end its quotation marks on the same line: a cell cannot hold a line break; replace it"
          + " in the file, or write Parquet";

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
        requireText(file, first);
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

  private static void requireText(String file, List<String> header) {
    for (String name : header) {
      if (name.indexOf('\0') >= 0 || name.indexOf(NOT_UTF8) >= 0) {
        throw new InvalidDataException(
            String.format(
                "%s:1: Invalid header: \"%s\" (must be %s)",
                readable(file), name.replace("\0", "\\0"), RowParser.UTF8_TEXT));
      }
    }
  }

  private static List<String> firstRecord(
      Configuration configuration, String file, TableSource.Csv csv) {
    try (BufferedReader lines = open(configuration, file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          if (endsInQuotes(line, csv.separator().charAt(0))) {
            throw new InvalidDataException(
                String.format("%s:1: Invalid header: \"%s\" (%s)", readable(file), line, ONE_LINE));
          }
          return cells(parser(csv), line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + readable(file) + ": " + e.getMessage(), e);
    }
    throw new InvalidDataException(
        readable(file)
            + ": Invalid CSV file: it is empty (must have "
            + (csv.header() ? "a header and rows)" : "rows)"));
  }

  /** Returns the cells of the first rows, as they come in the files. */
  static List<List<String>> firstRows(
      SparkSession session, List<String> files, TableSource.Csv csv, int count) {
    CsvParser parser = parser(csv);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < files.size() && rows.size() < count; i++) {
      try (BufferedReader lines =
          open(session.sparkContext().hadoopConfiguration(), files.get(i))) {
        boolean header = csv.header();
        for (String line = lines.readLine();
            line != null && rows.size() < count;
            line = lines.readLine()) {
          if (!line.isBlank()) {
            if (!header) {
              rows.add(cells(parser, line));
            }
            header = false;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Cannot read " + readable(files.get(i)) + ": " + e.getMessage(), e);
      }
    }
    return rows;
  }

  /**
   * Returns which line, counted from 1, is the first that the test is true of, given its text and
   * its cells. As Spark's reader does, takes each line for a row, and passes over blank ones.
   */
  static OptionalLong line(
      SparkSession session,
      String file,
      TableSource.Csv csv,
      BiPredicate<String, List<String>> test) {
    CsvParser parser = parser(csv);
    try (BufferedReader lines = open(session.sparkContext().hadoopConfiguration(), file)) {
      boolean header = csv.header();
      long number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          if (!header && test.test(line, cells(parser, line))) {
            return OptionalLong.of(number);
          }
          header = false;
        }
        number++;
      }
      return OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty(); // the line is a convenience; the error to report is another
    }
  }

  /**
   * Says whether a line ends inside quotation marks, so that its last cell seems to go on in the
   * next. A quotation mark inside a cell that does not begin with one is text.
   */
  static boolean endsInQuotes(String line, char separator) {
    int at = 0;
    while (at < line.length()) {
      if (line.charAt(at) == '"') {
        at = closingQuote(line, at);
        if (at == line.length()) {
          return true;
        }
      }
      int end = line.indexOf(separator, at);
      at = end < 0 ? line.length() : end + 1;
    }
    return false;
  }

  /** Returns the place of the next quotation mark that is not one of two, or the line's end. */
  private static int closingQuote(String line, int opening) {
    for (int i = opening + 1; i < line.length(); i++) {
      if (line.charAt(i) == '"') {
        if (i + 1 == line.length() || line.charAt(i + 1) != '"') {
          return i;
        }
        i++;
      }
    }
    return line.length();
  }

  private static List<String> cells(CsvParser parser, String line) {
    return Arrays.stream(parser.parseLine(line)).map(cell -> cell == null ? "" : cell).toList();
  }

  /** Returns the parser that Spark uses, set as for Spark. */
  static CsvParser parser(TableSource.Csv csv) {
    var settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(csv.separator().charAt(0));
    settings.getFormat().setQuoteEscape('"');
    settings.getFormat().setComment('\0');
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setMaxCharsPerColumn(-1);
    settings.setMaxColumns(100_000);
    settings.setReadInputOnSeparateThread(false);
    return new CsvParser(settings);
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

  /** Returns a file's URI as a user writes it: a plain path if it is local. */
  static String readable(String file) {
    Path path = new Path(URI.create(file));
    return file.startsWith("file:") ? path.toUri().getPath() : path.toString();
  }
}
