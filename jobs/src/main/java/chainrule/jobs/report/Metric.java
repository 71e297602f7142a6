package chainrule.jobs.report;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The titles, directions and formats of metrics. */
final class Metric {
  private static final Map<String, String> TITLES =
      Map.ofEntries(
          Map.entry("loss", "loss"),
          Map.entry("accuracy", "accuracy"),
          Map.entry("subsetAccuracy", "subset accuracy"),
          Map.entry("hammingLoss", "Hamming loss"),
          Map.entry("logLoss", "log loss (nats)"),
          Map.entry("f1", "F1"),
          Map.entry("macroF1", "macro F1"),
          Map.entry("auc", "AUC"),
          Map.entry("rmse", "RMSE"),
          Map.entry("mae", "MAE"),
          Map.entry("r2", "R²"));

  private static final Set<String> SHARES = Set.of("accuracy", "subsetAccuracy", "hammingLoss");

  private Metric() {}

  static String title(String key) {
    return TITLES.getOrDefault(key, Texts.name(key));
  }

  /** Returns whether lower is better. */
  static boolean isCost(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.contains("loss")
        || lower.contains("rmse")
        || lower.contains("mae")
        || lower.contains("error");
  }

  /** Returns whether a metric is a share of rows or labels, which is shown as a percentage. */
  static boolean isShare(String key) {
    return SHARES.contains(key);
  }

  static String text(String key, double value) {
    return isShare(key) ? Texts.percent(value) : Texts.number(value);
  }
}
