package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.spark.MetricsPlugin;
import chainrule.spark.Sparks;
import chainrule.train.TrainingListener;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** An application of a user's own, in which Spark has the plugin. */
class FitMetricsTest {
  private static final String NAME = MetricsPlugin.class.getName();

  @Test
  void sparksMetricsHaveTheNumbersOfTheSummary() {
    SparkSession session = Sparks.of("local[2]", Map.of("spark.plugins", NAME));
    var schema =
        new StructType().add("features", new VectorUDT()).add("label", DataTypes.DoubleType);
    List<Row> rows =
        IntStream.range(0, 60)
            .mapToObj(i -> RowFactory.create(Vectors.dense(i % 7, i % 5), (double) (i % 2)))
            .toList();
    var model =
        new ChainruleClassifier()
            .setHiddenLayers(new int[] {4})
            .setMaxIter(3)
            .setRefit(false)
            .fit(session.createDataFrame(rows, schema));
    var history = model.summary().history();
    MetricRegistry registry =
        SparkEnv.get().metricsSystem().getSourcesByName("plugin." + NAME).head().metricRegistry();
    assertThat(registry.getGauges().get("epoch").getValue()).isEqualTo(3);
    assertThat(registry.getGauges().get("train.loss").getValue())
        .isEqualTo(history.get(2).trainLoss());
    assertThat(registry.getGauges().get("validation.loss").getValue())
        .isEqualTo(history.get(2).validation().get("loss"));
    assertThat(registry.meter("rows").getCount()).isEqualTo(3L * 51); // 9 are held out

    Sparks.local2(); // another application, without it
    assertThat(MetricsPlugin.listener()).isSameAs(TrainingListener.NONE);
  }
}
