package chainrule.spark.shim;

import org.apache.spark.SparkContext;

/** Spark's jobs. */
public final class SparkJobs {
  private SparkJobs() {}

  /**
   * Cancels all jobs with a tag.
   *
   * @param reason not passed on: this Spark takes none
   */
  public static void cancelWithTag(SparkContext context, String tag, String reason) {
    context.cancelJobsWithTag(tag);
  }
}
