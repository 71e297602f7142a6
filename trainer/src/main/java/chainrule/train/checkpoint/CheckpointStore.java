package chainrule.train.checkpoint;

/** Where checkpoints are kept. */
public interface CheckpointStore {
  /**
   * Keeps a checkpoint, whole or not at all. Called by one thread at a time.
   *
   * @return where it is, for people
   * @throws RuntimeException if it cannot, with a message that names the file
   */
  String save(Checkpoint checkpoint);
}
