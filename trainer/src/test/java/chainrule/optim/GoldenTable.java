package chainrule.optim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What PyTorch did with one setting, a row a step: a part of a file that golden.py wrote. */
record GoldenTable(Map<String, Double> setting, List<double[]> rows) {
  /** Reads all settings of a file; none if there is no such file. */
  static List<GoldenTable> read(String file) {
    try (InputStream stream = GoldenTable.class.getResourceAsStream(file)) {
      var tables = new ArrayList<GoldenTable>();
      String text = stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        if (line.startsWith("# ")) {
          tables.add(new GoldenTable(parseSetting(line.substring(2)), new ArrayList<>()));
        } else {
          tables.get(tables.size() - 1).rows.add(parseRow(line));
        }
      }
      return tables;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static Map<String, Double> parseSetting(String text) {
    var setting = new LinkedHashMap<String, Double>();
    for (String pair : text.split(" ", -1)) {
      int equals = pair.indexOf('=');
      setting.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
    }
    return setting;
  }

  /** Returns the values of a row, without the step before them. */
  private static double[] parseRow(String line) {
    String[] cells = line.split(",", -1);
    var row = new double[cells.length - 1];
    for (int i = 0; i < row.length; i++) {
      row[i] = Double.parseDouble(cells[i + 1]);
    }
    return row;
  }
}
