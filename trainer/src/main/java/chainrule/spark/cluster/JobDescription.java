package chainrule.spark.cluster;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/** Sets the description that Spark's UI shows for jobs. The user's job group stays unchanged. */
public final class JobDescription {
  private static final String KEY = "spark.job.description";

  private JobDescription() {}

  /**
   * Runs some work whose jobs get this description, then restores the previous description.
   *
   * @param description without the project's name, which is prepended
   */
  public static <T> T during(SparkContext context, String description, Supplier<T> work) {
    String before = context.getLocalProperty(KEY);
    context.setLocalProperty(KEY, "Chainrule: " + description);
    try {
      return work.get();
    } finally {
      context.setLocalProperty(KEY, before);
    }
  }
}
