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
 * @param kind the configured engine
 * @param kernels key of the kernels; auto is resolved here, on the driver
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
   * Starts the engine.
   *
   * @param rows owned by the engine from now on
   * @param runs receives the running engine, now and when another one takes over
   */
  GradientSource start(JavaSparkContext context, ShardedRows rows, Consumer<EngineKind> runs) {
    runs.accept(resolve());
    return switch (kind) {
      case TREE -> new TreeGradientSource(context, rows, kernels);
      case GANG -> new GangGradientSource(context, rows, kernels);
      case AUTO -> new AutomaticGradientSource(context, rows, kernels, runs);
    };
  }

  /** Returns the engine that starts and the reason, for the log. */
  String describe() {
    String what =
        resolve() == EngineKind.TREE ? "one Spark job a step" : "long-lived tasks for all steps";
    String why =
        kind == EngineKind.AUTO
            ? "falls back to tree if tasks get no slot or cannot connect to the driver"
            : "as configured";
    return resolve().key() + ": " + what + " (" + why + ")";
  }
}
