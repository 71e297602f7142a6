package chainrule.spark;

import chainrule.math.Check;
import java.util.Locale;

/** How gradients are computed on Spark. All give the same bits. */
public enum EngineKind {
  /** Gang; tree if its tasks get no slot or cannot connect to the driver. */
  AUTO,
  /** One Spark job for each step: broadcast, map over shards, aggregate. */
  TREE,
  /** Long-lived tasks that compute many steps. */
  GANG;

  /** Returns the name used in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the engine with that name. */
  public static EngineKind of(String key) {
    for (EngineKind kind : values()) {
      if (kind.key().equals(key)) {
        return kind;
      }
    }
    throw Check.invalid("engine", '"' + key + '"', "auto, tree or gang");
  }
}
