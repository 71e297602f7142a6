package chainrule.spark;

import chainrule.train.TrainingListener;
import java.util.List;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Tells Spark's metrics system how trainings go, for whatever sinks it is configured with: {@code
 * spark.plugins = chainrule.spark.MetricsPlugin}. Names begin with {@code
 * plugin.chainrule.spark.MetricsPlugin} of the instance {@code driver}; {@link TrainingMetrics} has
 * them. Spark loads the class on executors too, where it does nothing, so it must be on their class
 * path from the start.
 *
 * <p>Without it, trainings tell nobody. Of several trainings at once, a value is that of the one
 * that told last.
 */
public final class MetricsPlugin implements SparkPlugin {
  /** Those of this JVM's Spark context, if it has the plugin. */
  private static volatile List<TrainingMetrics> current = List.of();

  /** Returns what is to be told of a training. */
  public static TrainingListener listener() {
    return current.isEmpty() ? TrainingListener.NONE : current.get(0);
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public void registerMetrics(String applicationId, PluginContext context) {
        current = List.of(new TrainingMetrics(context.metricRegistry()));
      }

      @Override
      public void shutdown() {
        current = List.of();
      }
    };
  }

  /** Returns null, by which Spark's interface means that there is none. */
  @Override
  public ExecutorPlugin executorPlugin() {
    return null;
  }

  /** Returns the value of {@code spark.plugins} with this one, and what it had before. */
  public static String appendedTo(String plugins) {
    String name = MetricsPlugin.class.getName();
    boolean has = List.of(plugins.strip().split("\\s*,\\s*")).contains(name);
    return has ? plugins : plugins.isBlank() ? name : plugins + "," + name;
  }
}
