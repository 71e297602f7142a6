package chainrule.spark.cluster;

/** No task of a gang could start because no slot was free. */
public final class NoSlotsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes the exception with the reason, as a clause. */
  public NoSlotsException(String reason) {
    super(
        "Cannot train with the gang engine: "
            + reason
            + " (end other jobs of the Spark application, or use training.engine=tree)");
  }
}
