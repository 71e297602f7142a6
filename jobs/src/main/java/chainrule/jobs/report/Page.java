package chainrule.jobs.report;

import chainrule.data.Sha256;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one self-contained HTML file of sections.
 *
 * <p>The template escapes every text. The data for the script are in a JSON element without any
 * {@code <}, so nothing can end the element early. The content security policy allows only the
 * scripts and the style of this page, by their hashes, and nothing may be loaded.
 */
final class Page {
  /** The path of Chart.js in its WebJar, with the version. */
  private static final String CHART_JS =
      "META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";

  private static final String FOLDER = "chainrule/jobs/report/";

  private Page() {}

  /** A figure with the number of its chart, for the script. */
  record NumberedFigure(int number, Figure figure) {}

  /** A section with numbered figures. */
  record NumberedSection(Section section, List<NumberedFigure> figures) {}

  /**
   * Returns the page.
   *
   * @param lead the first sentences
   * @param data for the script; the charts are added
   */
  static String html(String title, List<String> lead, List<Section> sections, ObjectNode data) {
    return html(title, lead, Map.of(), sections, data);
  }

  /**
   * Returns a page that polls the address in the data.
   *
   * @param live values of the live part, which replaces the table of contents
   */
  static String live(
      String title,
      List<String> lead,
      Map<String, Object> live,
      List<Section> sections,
      ObjectNode data) {
    return html(title, lead, live, sections, data);
  }

  private static String html(
      String title,
      List<String> lead,
      Map<String, Object> live,
      List<Section> sections,
      ObjectNode data) {
    ArrayNode charts = data.putArray("charts");
    List<NumberedSection> numbered = new ArrayList<>();
    for (Section section : sections) {
      if (!section.isEmpty()) {
        List<NumberedFigure> figures = new ArrayList<>();
        for (Figure figure : section.figures()) {
          figures.add(new NumberedFigure(charts.size(), figure));
          charts.add(figure.chart().json());
        }
        numbered.add(new NumberedSection(section, figures));
      }
    }
    String chartScript = withoutSourceMap(resource(CHART_JS));
    String script = resource(FOLDER + "page.js");
    String liveScript = resource(FOLDER + "live.js");
    String style = resource(FOLDER + "page.css");
    boolean isLive = !live.isEmpty();
    Map<String, Object> values = new HashMap<>(); // only for lookups; the order does not matter
    values.put("title", title);
    values.put("lead", lead);
    values.put("sections", numbered);
    values.put("data", json(data));
    values.put("style", style);
    List<String> scripts =
        isLive ? List.of(chartScript, script, liveScript) : List.of(chartScript, script);
    values.put("scripts", scripts);
    if (isLive) {
      values.put("live", live);
    }
    values.put(
        "policy",
        String.format(
            "default-src 'none'; style-src '%s'; script-src %s;%s base-uri 'none';"
                + " form-action 'none'",
            hash(style),
            String.join(" ", scripts.stream().map(text -> "'" + hash(text) + "'").toList()),
            isLive ? " connect-src 'self';" : ""));
    return Mustache.compiler()
        .emptyStringIsFalse(true)
        .compile(resource(FOLDER + "page.mustache"))
        .execute(values);
  }

  /** Returns JSON for a script element. In JSON, {@code <} occurs only in strings. */
  static String json(ObjectNode data) {
    return data.toString()
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String withoutSourceMap(String script) {
    int at = script.lastIndexOf("//# sourceMappingURL=");
    return at < 0 ? script : script.substring(0, at);
  }

  private static String hash(String content) {
    byte[] hash = Sha256.hash(content.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }

  private static String resource(String name) {
    try (InputStream stream = Page.class.getClassLoader().getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("Cannot read " + name + ": it is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }
}
