package chainrule.jobs.config;

import chainrule.spark.read.Names;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The keys that reference.conf has, with their defaults. Every other key of a configuration is an
 * error.
 *
 * <p>Immutable.
 */
final class KnownKeys {
  private final String file;
  private final ConfigObject reference = reference().root();
  private final Set<String> known = new TreeSet<>();

  /**
   * Reads reference.conf.
   *
   * @param file of the configuration that is checked, for messages
   */
  KnownKeys(String file) {
    this.file = file;
    addKeys("", reference, known);
  }

  /** Returns the default of every key. */
  static Config reference() {
    return ConfigFactory.parseResources(
        KnownKeys.class.getClassLoader(),
        "chainrule/reference.conf",
        ConfigParseOptions.defaults().setAllowMissing(false));
  }

  /** Returns every key that has a value, or may have one, in order; groups are left out. */
  static List<String> values() {
    Set<String> keys = new TreeSet<>();
    addKeys("", reference().root(), keys);
    Set<String> groups = new TreeSet<>();
    keys.forEach(key -> groups.add(key.substring(0, Math.max(0, key.lastIndexOf('.')))));
    keys.removeAll(groups);
    return List.copyOf(keys);
  }

  private static void addKeys(String prefix, ConfigObject object, Set<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix + entry.getKey();
      keys.add(key);
      if (entry.getValue() instanceof ConfigObject inner) {
        addKeys(key + ".", inner, keys);
      }
    }
  }

  /**
   * Checks that all keys are known.
   *
   * @throws ConfigurationException if one is not; the message suggests the nearest known key
   */
  void require(Config given) {
    require("", given.root(), reference);
  }

  private void require(String prefix, ConfigObject given, ConfigObject like) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String key = prefix + entry.getKey();
      ConfigValue standard = like.get(entry.getKey());
      if (standard == null) {
        throw new ConfigurationException(file + ": Unknown key: " + key + suggestion(key, known));
      }
      ConfigValue value = entry.getValue();
      if (standard instanceof ConfigObject group) {
        if (value instanceof ConfigObject object) {
          require(key + ".", object, group);
        } else if (value.valueType() != ConfigValueType.NULL) {
          throw new ConfigurationException(
              String.format(
                  "%s: Invalid %s: %s (must be a group with the keys %s)",
                  file, key, Configuration.text(value), new TreeSet<>(group.keySet())));
        }
      }
    }
  }

  /**
   * Returns the values of a group that holds keys of the configuration, by full name, in order.
   *
   * @param group the group's name, for messages
   * @param allowed accepts the keys that the group may have
   * @throws ConfigurationException if another key is in the group; the message suggests the nearest
   *     allowed one
   */
  Map<String, ConfigValue> overridden(String group, ConfigObject given, Predicate<String> allowed) {
    Set<String> keys = new TreeSet<>(known);
    keys.removeIf(key -> !allowed.test(key));
    Map<String, ConfigValue> values = new TreeMap<>();
    flatten(group + ".", "", given, reference, keys, values);
    return values;
  }

  private void flatten(
      String group,
      String prefix,
      ConfigObject given,
      ConfigObject like,
      Set<String> allowed,
      Map<String, ConfigValue> values) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String key = prefix + entry.getKey();
      ConfigValue standard = like.get(entry.getKey());
      if (standard instanceof ConfigObject inner
          && entry.getValue() instanceof ConfigObject object) {
        flatten(group, key + ".", object, inner, allowed, values);
      } else if (standard == null || standard instanceof ConfigObject || !allowed.contains(key)) {
        throw new ConfigurationException(
            String.format(
                "%s: Invalid key: %s%s%s (must be a key of network or training that has a value and"
                    + " changes the model)",
                file, group, key, standard == null ? suggestion(key, allowed) : ""));
      } else {
        values.put(key, entry.getValue());
      }
    }
  }

  /** Suggests the nearest key, or a key with the same last part in another group. */
  private static String suggestion(String key, Set<String> candidates) {
    String near = Names.suggestion(key, candidates);
    String last = key.substring(key.lastIndexOf('.') + 1);
    return candidates.stream()
        .filter(name -> near.isEmpty() && name.endsWith("." + last))
        .findFirst()
        .map(name -> " (did you mean \"" + name + "\"?)")
        .orElse(near);
  }

  /**
   * Returns the values of a configuration that {@link Configuration#renderJson} wrote, by key. Keys
   * that it lacks have their defaults. A group of free keys, such as class weights, is one value.
   */
  static Map<String, String> leaves(String json) {
    Config reference = reference();
    Map<String, String> leaves = new TreeMap<>();
    ConfigObject all = ConfigFactory.parseString(json).withFallback(reference).root();
    leaves("", all, reference.root(), leaves);
    return leaves;
  }

  private static void leaves(
      String prefix, ConfigObject object, ConfigObject like, Map<String, String> leaves) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject inner
          && like.get(entry.getKey()) instanceof ConfigObject innerLike) {
        leaves(key + ".", inner, innerLike, leaves);
      } else {
        leaves.put(key, Configuration.text(entry.getValue()));
      }
    }
  }
}
