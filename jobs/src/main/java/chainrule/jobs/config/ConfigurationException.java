package chainrule.jobs.config;

/**
 * The configuration or the command line cannot be used; the message is one sentence that says why.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigurationException(String message) {
    super(message);
  }
}
