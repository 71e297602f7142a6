package chainrule.train.checkpoint;

import java.util.Optional;

/** Training was asked to stop, and did so after a step. */
public final class TrainingInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Optional<Checkpointer.Saved> saved;

  TrainingInterruptedException(Optional<Checkpointer.Saved> saved) {
    super("Training was interrupted");
    this.saved = saved;
  }

  /** Returns the checkpoint that training goes on from, if there is one. */
  public Optional<Checkpointer.Saved> saved() {
    return saved;
  }
}
