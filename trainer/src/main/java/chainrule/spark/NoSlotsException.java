package chainrule.spark;

/** No task of a gang could start: Spark has no free slot for it. */
final class NoSlotsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoSlotsException(String reason) {
    super(
        "Cannot train with the gang engine: "
            + reason
            + " (free slots of the Spark application, or use engine=tree)");
  }
}
