package chainrule.train.checkpoint;

import java.util.Optional;

/** Training stopped after a step, because it was asked to. */
public final class TrainingInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Null if there is no checkpoint, and after deserialization. */
  private final transient Checkpointer.Saved saved;

  TrainingInterruptedException(Optional<Checkpointer.Saved> saved) {
    super("Training was interrupted");
    this.saved = saved.orElse(null);
  }

  /** Returns the checkpoint that training can resume from, if there is one. */
  public Optional<Checkpointer.Saved> saved() {
    return Optional.ofNullable(saved);
  }
}
