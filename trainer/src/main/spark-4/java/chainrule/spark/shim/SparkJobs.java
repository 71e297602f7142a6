package chainrule.spark.shim;

import org.apache.spark.SparkContext;

/** Spark's jobs. */
public final class SparkJobs {
  private SparkJobs() {}

  /**
   * Cancels all jobs with a tag.
   *
   * @param reason stands in the failures of the jobs
   */
  public static void cancelWithTag(SparkContext context, String tag, String reason) {
    context.cancelJobsWithTag(tag, reason);
  }
}
