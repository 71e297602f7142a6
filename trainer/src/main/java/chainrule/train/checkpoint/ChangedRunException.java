package chainrule.train.checkpoint;

/** A training cannot go on from a checkpoint, because something is no longer as it was. */
public final class ChangedRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param name what is not as it was
   */
  public ChangedRunException(String name, String was, String is) {
    super("Cannot resume: " + name + " was " + was + ", now it is " + is);
  }
}
