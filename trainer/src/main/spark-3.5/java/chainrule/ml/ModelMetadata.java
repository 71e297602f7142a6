package chainrule.ml;

import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** The folder {@code metadata} of a stage of Spark ML: its class, uid and params. */
final class ModelMetadata {
  private ModelMetadata() {}

  /** Writes the metadata of a stage to its folder. */
  static void save(Params stage, String folder, SparkSession session) {
    DefaultParamsWriter.saveMetadata(
        stage, folder, session.sparkContext(), Option.empty(), Option.empty());
  }

  /** Reads the metadata of a stage of the class with this name. */
  static DefaultParamsReader.Metadata load(String folder, SparkSession session, String className) {
    return DefaultParamsReader.loadMetadata(folder, session.sparkContext(), className);
  }
}
