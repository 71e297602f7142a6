package chainrule.jobs.report;

import java.util.Locale;
import java.util.Map;

/** What a metric is called, which way is better, and how its values are shown. */
final class Metric {
  private static final Map<String, String> TITLES =
      Map.of(
          "loss", "loss",
          "accuracy", "accuracy",
          "logLoss", "log loss (nats)",
          "macroF1", "macro F1",
          "auc", "AUC",
          "rmse", "RMSE",
          "mae", "MAE",
          "r2", "R²");

  private Metric() {}

  static String title(String key) {
    return TITLES.getOrDefault(key, Texts.name(key));
  }

  /** Returns whether less is better. */
  static boolean isCost(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.contains("loss")
        || lower.contains("rmse")
        || lower.contains("mae")
        || lower.contains("error");
  }

  static String text(String key, double value) {
    return key.equals("accuracy") ? Texts.percent(value) : Texts.number(value);
  }
}
