package chainrule.spark.read;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Finds the column that a user may have meant, and names columns to Spark. */
public final class Names {
  private Names() {}

  /**
   * Returns {@code " (did you mean …?)"} with the name nearest to an unknown one, or the empty text
   * if none is near.
   */
  public static String suggestion(String unknown, Collection<String> known) {
    var distance = LevenshteinDistance.getDefaultInstance();
    String lower = unknown.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(
            Comparator.comparingInt(
                    (String name) -> distance.apply(lower, name.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .filter(
            name ->
                distance.apply(lower, name.toLowerCase(Locale.ROOT))
                    <= Math.max(2, unknown.length() / 3))
        .map(name -> " (did you mean \"" + name + "\"?)")
        .orElse("");
  }

  /** Returns the column with exactly this name. */
  static Column quoted(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
