package chainrule.jobs.config;

import java.util.Iterator;

/** Candidates for shell completion: every key, followed by "=". */
public final class ConfigurationKeys implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return KnownKeys.values().stream().map(key -> key + "=").iterator();
  }
}
