package chainrule.jobs;

/**
 * The configuration or the command line cannot be used; the message is one sentence that says why.
 */
final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ConfigurationException(String message) {
    super(message);
  }
}
