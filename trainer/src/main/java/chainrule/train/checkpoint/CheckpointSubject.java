package chainrule.train.checkpoint;

/** The state of a training loop, as a checkpointer sees it. */
public interface CheckpointSubject {
  /** Returns the number of finished steps. */
  long step();

  /** Returns the number of finished epochs. */
  int epochs();

  /**
   * Returns a copy of the state after the last finished step. Any thread may call it.
   *
   * @throws IllegalStateException if a step failed halfway
   */
  LoopSnapshot snapshot();
}
