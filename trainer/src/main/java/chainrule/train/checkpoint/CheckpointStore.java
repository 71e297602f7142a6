package chainrule.train.checkpoint;

/** Keeps checkpoints. */
public interface CheckpointStore {
  /**
   * Keeps a checkpoint, whole or not at all. Called by one thread at a time.
   *
   * @return its location, for people
   * @throws RuntimeException if it cannot be kept, with a message that names the file
   */
  String save(Checkpoint checkpoint);
}
