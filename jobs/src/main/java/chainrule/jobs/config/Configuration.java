package chainrule.jobs.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A configuration file with overrides and the defaults of reference.conf. Reads values by key; an
 * error message names the key and the rule.
 *
 * <p>Immutable.
 */
public final class Configuration {
  private static final String AUTO = "auto";

  /** Stands in messages where the file would. */
  private static final String COMMAND_LINE = "command line";

  private final String file;
  private final Config config;

  private Configuration(String file, Config config) {
    this.file = file;
    this.config = config;
  }

  /**
   * Reads a file.
   *
   * @param overrides as key=value; the last of the same key counts
   * @throws ConfigurationException if the file or an override cannot be read, or has an unknown key
   */
  public static Configuration load(String file, List<String> overrides) {
    if (!Files.isRegularFile(Path.of(file))) {
      throw new ConfigurationException("Cannot read " + file + ": there is no such file");
    }
    return read(file, overrides, () -> ConfigFactory.parseFile(new File(file)));
  }

  /**
   * Reads keys without a file; the others have their defaults.
   *
   * @param overrides as key=value; the last of the same key counts
   * @throws ConfigurationException if an override cannot be read or has an unknown key
   */
  public static Configuration of(List<String> overrides) {
    return read(COMMAND_LINE, overrides, ConfigFactory::empty);
  }

  private static Configuration read(String file, List<String> overrides, Supplier<Config> reader) {
    Config given = ConfigFactory.empty();
    for (String override : overrides) {
      given = override(override).withFallback(given);
    }
    try {
      given = given.withFallback(reader.get());
      new KnownKeys(file).require(given);
      return new Configuration(file, given.withFallback(KnownKeys.reference()).resolve());
    } catch (ConfigException e) {
      throw new ConfigurationException("Cannot read " + file + ": " + oneLine(e.getMessage()));
    }
  }

  /** Returns this configuration with other values of some keys. */
  public Configuration with(Map<String, ConfigValue> values) {
    Config changed = config;
    for (Map.Entry<String, ConfigValue> entry : values.entrySet()) {
      changed = changed.withValue(entry.getKey(), entry.getValue());
    }
    return new Configuration(file, changed);
  }

  /**
   * Returns the values of a group that holds other keys of the configuration, by full name, in
   * order.
   *
   * @param allowed accepts the keys that the group may have
   * @throws ConfigurationException if another key is in the group; the message suggests the nearest
   *     allowed one
   */
  public Map<String, ConfigValue> overridden(String group, Predicate<String> allowed) {
    ConfigObject object = read(group, "a group of keys", c -> c.getObject(group));
    return new KnownKeys(file).overridden(group, object, allowed);
  }

  /** Returns every key that has a value, or may have one, in order. */
  public static List<String> keys() {
    return KnownKeys.values();
  }

  private static Config override(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new ConfigurationException(
          "Invalid argument: \"" + text + "\" (must be key=value, such as training.epochs=10)");
    }
    String key = text.substring(0, equals).strip();
    String value = text.substring(equals + 1).strip();
    boolean quoted = value.startsWith("\"") || value.startsWith("[") || value.startsWith("{");
    boolean seemsComment = value.contains("//") || value.contains("#");
    try {
      // A path may contain // or #, which start a comment in a file.
      return quoted || !seemsComment
          ? ConfigFactory.parseString(key + " = " + value)
          : plain(key, value);
    } catch (ConfigException e) {
      // Text that is not HOCON, such as a path with a colon, is a plain string.
      try {
        return plain(key, value);
      } catch (ConfigException e2) {
        throw new ConfigurationException(
            "Invalid argument: \"" + text + "\" (must be key=value, such as training.epochs=10)");
      }
    }
  }

  private static Config plain(String key, String value) {
    return ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value));
  }

  private static String oneLine(String message) {
    return message.lines().reduce((a, b) -> a + " " + b.strip()).orElse(message);
  }

  /** Returns a value in HOCON, on one line. */
  public static String text(ConfigValue value) {
    return value.render(ConfigRenderOptions.concise());
  }

  /** Returns the exception for a value that cannot be used. */
  public ConfigurationException invalid(String key, String rule) {
    String found = has(key) ? text(config.getValue(key)) : "null";
    return new ConfigurationException(
        String.format("%s: Invalid %s: %s (must be %s)", file, key, found, rule));
  }

  public String file() {
    return file;
  }

  /** Returns whether a key has a value other than null. */
  public boolean has(String key) {
    return config.hasPath(key);
  }

  /** Returns whether a key has a value other than null and auto. */
  public boolean isGiven(String key) {
    return has(key) && !AUTO.equals(config.getValue(key).unwrapped());
  }

  /**
   * Reads a value with a function.
   *
   * @param rule the allowed values, for the message
   */
  private <T> T read(String key, String rule, Function<Config, T> reader) {
    if (!has(key)) {
      throw invalid(key, rule);
    }
    try {
      return reader.apply(config);
    } catch (ConfigException | IllegalArgumentException | ArithmeticException e) {
      throw invalid(key, rule);
    }
  }

  /** Returns a text. */
  public String text(String key) {
    return read(key, "a text", c -> c.getString(key));
  }

  /** Returns a text, empty if the value is null. */
  public String textOrEmpty(String key) {
    return has(key) ? text(key) : "";
  }

  /** Returns whether the value of a key is this text. */
  boolean isText(String key, String value) {
    return has(key) && value.equals(config.getValue(key).unwrapped());
  }

  /**
   * Returns a group of any keys with numbers.
   *
   * @param rule the allowed values, for the message
   */
  Map<String, Double> numbers(String key, String rule) {
    return read(
        key,
        rule,
        c -> {
          Map<String, Double> numbers = new TreeMap<>();
          c.getObject(key)
              .forEach((name, value) -> numbers.put(name, value.atKey("value").getDouble("value")));
          return numbers;
        });
  }

  public boolean flag(String key) {
    return read(key, "true or false", c -> c.getBoolean(key));
  }

  /**
   * Returns the number of a key.
   *
   * @throws ConfigurationException if it is not a finite number
   */
  public double number(String key) {
    double value = read(key, "a number", c -> c.getDouble(key));
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw invalid(key, "a finite number");
    }
    return value;
  }

  /** Returns a whole number that is at least {@code least}. */
  public long whole(String key, long least) {
    String rule = "a whole number" + (least == Long.MIN_VALUE ? "" : " >= " + least);
    double exact = read(key, rule, c -> c.getDouble(key));
    if (exact != Math.rint(exact) || exact < least || Math.abs(exact) > 0x1p63) {
      throw invalid(key, rule);
    }
    return read(key, rule, c -> new BigDecimal(c.getString(key)).longValueExact());
  }

  /** Returns a whole number that fits an int. */
  public int integer(String key, int least) {
    long value = whole(key, least);
    if (value > Integer.MAX_VALUE) {
      throw invalid(key, "a whole number from " + least + " to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  /** Returns a list of texts; a single text is a list of one. */
  public List<String> texts(String key) {
    return read(
        key,
        "a text or a list of texts",
        c ->
            c.getValue(key).valueType() == ConfigValueType.LIST
                ? c.getStringList(key)
                : List.of(c.getString(key)));
  }

  /** Returns a list of positive whole numbers. */
  List<Integer> integers(String key) {
    String rule = "a list of whole numbers >= 1, such as [128, 64]";
    List<Integer> values = new ArrayList<>();
    for (double value : read(key, rule, c -> c.getDoubleList(key))) {
      if (value != Math.rint(value) || value < 1 || value > Integer.MAX_VALUE) {
        throw invalid(key, rule);
      }
      values.add((int) value);
    }
    return values;
  }

  /**
   * Parses a text.
   *
   * @param parser throws IllegalArgumentException, with the known names, for an unknown one
   */
  <T> T named(String key, Function<String, T> parser) {
    String name = text(key);
    try {
      return parser.apply(name);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(file + ": " + key + ": " + e.getMessage());
    }
  }

  /** Returns the whole configuration as HOCON, keys in order, with every default. */
  String render() {
    return config
        .root()
        .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }

  /** Returns the whole configuration as JSON. */
  public String renderJson() {
    return config.root().render(ConfigRenderOptions.concise());
  }
}
