package chainrule.data;

import chainrule.math.Check;
import java.util.Locale;

/** What is predicted. */
public enum Task {
  /** One of several classes, or of two for each of several labels. */
  CLASSIFICATION,
  /** A number, or several. */
  REGRESSION;

  /** Returns the name used in configurations and files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the task of that name. */
  public static Task of(String key) {
    for (Task task : values()) {
      if (task.key().equals(key)) {
        return task;
      }
    }
    throw Check.invalid("task", '"' + key + '"', "classification or regression");
  }
}
