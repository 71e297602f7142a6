package chainrule.spark.gang;

/** The reason why an attempt ended. */
enum AttemptEnd {
  /** The training needs no more steps from this engine. */
  CLOSED,
  /** More slots are free than the attempt has tasks. */
  GROWING,
  /** Fewer tasks registered than the attempt should have. */
  TOO_FEW,
  /** No task started. */
  NO_TASK,
  /** An executor closed its connection. */
  LOST,
  /** An executor sent no message for too long. */
  SILENT,
  /** Executors cannot connect to the driver or to each other. */
  UNREACHABLE,
  /** Rows or files are invalid, and would be at the next try. */
  REFUSED,
  /** A task failed for another reason. */
  FAILED,
  /** The user or the end of the Spark context cancelled the job. */
  CANCELLED;

  /** Returns how an attempt ends whose task failed with this exception. */
  static AttemptEnd of(Throwable failure) {
    return switch (GangFailure.Kind.of(failure)) {
      case REFUSED -> REFUSED;
      case UNREACHABLE -> UNREACHABLE;
      case OTHER -> FAILED;
    };
  }
}
