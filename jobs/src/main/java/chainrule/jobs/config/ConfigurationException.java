package chainrule.jobs.config;

/**
 * The configuration or the command line is invalid. The message is one sentence with the reason.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigurationException(String message) {
    super(message);
  }
}
