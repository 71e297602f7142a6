package chainrule.spark;

import chainrule.math.KernelChoice;
import chainrule.spark.gang.GangGradientSource;
import chainrule.spark.shard.ShardedRows;
import chainrule.spark.tree.TreeGradientSource;
import chainrule.train.shard.GradientSource;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Chooses the engine for a Spark context and starts it.
 *
 * @param kind which engine was asked for
 * @param kernels name of the kernels that run; auto is settled here, on the driver
 */
record Engine(EngineKind kind, String kernels) {
  Engine {
    Objects.requireNonNull(kind, "kind");
    if (kernels.equals(KernelChoice.AUTO)) {
      kernels = KernelChoice.resolve(kernels);
    }
  }

  /** Returns the engine that training starts with: never {@link EngineKind#AUTO}. */
  EngineKind resolve() {
    return kind == EngineKind.AUTO ? EngineKind.GANG : kind;
  }

  /**
   * Starts the engine over these rows, which it owns from now on.
   *
   * @param runs is told the engine that runs: now, and when another takes over
   */
  GradientSource start(JavaSparkContext context, ShardedRows rows, Consumer<EngineKind> runs) {
    runs.accept(resolve());
    return switch (kind) {
      case TREE -> new TreeGradientSource(context, rows, kernels);
      case GANG -> new GangGradientSource(context, rows, kernels);
      case AUTO -> new AutomaticGradientSource(context, rows, kernels, runs);
    };
  }

  /** Returns which engine runs and why, for the log. */
  String describe() {
    String what =
        resolve() == EngineKind.TREE ? "a Spark job a step" : "long-lived tasks for all steps";
    String why =
        kind == EngineKind.AUTO
            ? "tree if no task finds a slot, or the way to the driver"
            : "as asked for";
    return resolve().key() + ": " + what + " (" + why + ")";
  }
}
