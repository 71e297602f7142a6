package chainrule.spark.read;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The CSV dialect: the settings of Spark's reader and of the univocity parser inside it, which must
 * agree, and the rules for a line and for the text of a cell.
 */
final class CsvFormat {
  /** The rule for the text of a cell. */
  static final String UTF8_TEXT =
      "UTF-8 text without NUL bytes; iconv converts a file of another encoding";

  /** The rule for a row that ends inside quotation marks. */
  static final String ONE_LINE =
      "must end its quotation marks on the same line: a cell cannot hold a line break; replace it"
          + " in the file, or write Parquet";

  /** Java's decoders write it in place of bytes that are not UTF-8. */
  private static final char NOT_UTF8 = '\ufffd';

  private static final String QUOTE_ESCAPE = "\"";

  private CsvFormat() {}

  /** Returns the options of Spark's reader, its handling of corrupt records excepted. */
  static Map<String, String> sparkOptions(TableSource.Csv csv) {
    return Map.of(
        "header", Boolean.toString(csv.header()),
        "sep", csv.separator(),
        "nullValue", csv.nullValue(),
        "escape", QUOTE_ESCAPE);
  }

  /** Returns the parser that Spark uses, with Spark's settings. */
  static CsvParser parser(TableSource.Csv csv) {
    var settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(csv.separator().charAt(0));
    settings.getFormat().setQuoteEscape(QUOTE_ESCAPE.charAt(0));
    settings.getFormat().setComment('\0');
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setMaxCharsPerColumn(-1);
    settings.setMaxColumns(100_000);
    settings.setReadInputOnSeparateThread(false);
    return new CsvParser(settings);
  }

  /** Returns the cells of a line, empty ones as the empty text. */
  static List<String> cells(CsvParser parser, String line) {
    return Arrays.stream(parser.parseLine(line)).map(cell -> cell == null ? "" : cell).toList();
  }

  /** Returns whether a cell obeys {@link #UTF8_TEXT}. */
  static boolean isText(String cell) {
    return cell.indexOf(NOT_UTF8) < 0 && cell.indexOf('\0') < 0;
  }

  /**
   * Returns whether a line ends inside quotation marks, so that its last cell seems to continue in
   * the next line. A quotation mark inside a cell that does not begin with one is text.
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
}
