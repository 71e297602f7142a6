package chainrule.jobs;

import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;

/** An application that knows Spark ML and nothing of ours: scores a table by a saved pipeline. */
public final class ForeignApplication {
  private ForeignApplication() {}

  /**
   * Adds what the pipeline predicts to the rows of a CSV file.
   *
   * @param args the pipeline's folder, the file, and where to write as Parquet
   */
  public static void main(String[] args) {
    SparkSession session = SparkSession.builder().getOrCreate();
    PipelineModel.load(args[0])
        .transform(session.read().option("header", true).option("inferSchema", true).csv(args[1]))
        .write()
        .parquet(args[2]);
    session.stop();
  }
}
