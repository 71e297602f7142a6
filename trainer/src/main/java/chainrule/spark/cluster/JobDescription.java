package chainrule.spark.cluster;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/**
 * Says in Spark's UI what the jobs of a thread are for, and their stages. The user's job group is
 * left alone.
 */
public final class JobDescription {
  private static final String KEY = "spark.job.description";

  private JobDescription() {}

  /**
   * Does some work whose jobs have this description; then the one before is back.
   *
   * @param description without the project's name, which is put before it
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
