package chainrule.spark;

import chainrule.train.TrainingListener;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Publishes the metrics of trainings in Spark's metrics system, for the configured sinks: {@code
 * spark.plugins = chainrule.spark.MetricsPlugin}. The metrics belong to the instance {@code
 * driver}; their names start with {@code plugin.chainrule.spark.MetricsPlugin} and are listed at
 * {@link TrainingMetrics}. Spark also loads the class on executors, where it does nothing, so it
 * must be on their class path when they start.
 *
 * <p>Without the plugin, trainings publish no metrics. If several trainings run concurrently, a
 * metric has the value that was published last.
 */
public final class MetricsPlugin implements SparkPlugin {
  /** The metrics of this JVM's Spark context; empty if it does not use the plugin. */
  private static volatile Optional<TrainingMetrics> current = Optional.empty();

  /** Returns the listener that publishes a training's metrics. */
  public static TrainingListener listener() {
    return current.<TrainingListener>map(metrics -> metrics).orElse(TrainingListener.NONE);
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public void registerMetrics(String applicationId, PluginContext context) {
        current = Optional.of(new TrainingMetrics(context.metricRegistry()));
      }

      @Override
      public void shutdown() {
        current = Optional.empty();
      }
    };
  }

  /** Returns null, which means in Spark's interface that there is no executor plugin. */
  @Override
  public ExecutorPlugin executorPlugin() {
    return null;
  }

  /** Returns a value of {@code spark.plugins} with this plugin appended, if it is not there. */
  public static String appendedTo(String plugins) {
    String name = MetricsPlugin.class.getName();
    boolean has = List.of(plugins.strip().split("\\s*,\\s*")).contains(name);
    return has ? plugins : plugins.isBlank() ? name : plugins + "," + name;
  }
}
