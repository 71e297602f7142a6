package chainrule.spark.cluster;

/** No task of a gang could start: Spark has no free slot for it. */
public final class NoSlotsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with the reason why no task could start. */
  public NoSlotsException(String reason) {
    super(
        "Cannot train with the gang engine: "
            + reason
            + " (free slots of the Spark application, or use engine=tree)");
  }
}
