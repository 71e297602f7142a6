package chainrule.spark;

import chainrule.train.GradientSource;
import java.util.Objects;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the engine for a Spark context and starts it.
 *
 * @param kind which engine was asked for
 * @param kernels name of the kernels that run; auto is settled here, on the driver
 */
record Engine(EngineKind kind, String kernels) {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  Engine {
    Objects.requireNonNull(kind, "kind");
    if (kernels.equals(KernelChoice.AUTO)) {
      kernels = KernelChoice.resolve(kernels);
    }
  }

  /** Returns the engine that runs: never {@link EngineKind#AUTO}. */
  EngineKind resolve(SparkContext context) {
    boolean oneJvm = context.isLocal();
    if (kind == EngineKind.GANG && !oneJvm) {
      throw new IllegalArgumentException(
          "Invalid engine: gang (must be auto or tree unless driver and tasks share one JVM, as with"
              + " --master local[*])");
    }
    if (kind == EngineKind.AUTO) {
      return oneJvm ? EngineKind.GANG : EngineKind.TREE;
    }
    return kind;
  }

  /** Starts the engine over these rows, which it owns from now on. */
  GradientSource start(JavaSparkContext context, ShardedRows rows) {
    if (resolve(context.sc()) == EngineKind.TREE) {
      return new TreeGradientSource(context, rows, kernels);
    }
    int tasks = Math.min(rows.plan().shards(), slots(context.sc()));
    LOG.debug("A gang of {} tasks", tasks);
    return new GangGradientSource(context, rows, kernels, tasks);
  }

  /** Returns which engine runs and why, for the log. */
  String describe(SparkContext context) {
    EngineKind resolved = resolve(context);
    String what =
        resolved == EngineKind.TREE ? "a Spark job a step" : "long-lived tasks for all steps";
    String why =
        kind != EngineKind.AUTO
            ? "as asked for"
            : context.isLocal()
                ? "driver and tasks share one JVM"
                : "driver and tasks are different processes";
    return resolved.key() + ": " + what + " (" + why + ")";
  }

  /** Returns how many tasks can run at once. */
  private static int slots(SparkContext context) {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }
}
