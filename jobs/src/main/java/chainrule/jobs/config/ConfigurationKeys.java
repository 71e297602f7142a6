package chainrule.jobs.config;

import java.util.Iterator;

/** What a shell may complete behind a configuration: every key, up to the value. */
public final class ConfigurationKeys implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return KnownKeys.values().stream().map(key -> key + "=").iterator();
  }
}
