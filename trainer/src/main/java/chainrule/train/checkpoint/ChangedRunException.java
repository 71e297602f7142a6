package chainrule.train.checkpoint;

/** A training cannot resume from a checkpoint, because its data, settings or plan changed. */
public final class ChangedRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param name of the fact that changed
   * @param was its text in the checkpoint
   * @param is its text now
   */
  public ChangedRunException(String name, String was, String is) {
    super("Cannot resume: " + name + " was " + was + ", now it is " + is);
  }
}
