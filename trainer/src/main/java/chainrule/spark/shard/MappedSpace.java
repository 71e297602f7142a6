package chainrule.spark.shard;

/**
 * Counts the bytes of files mapped to this process's memory that are in use, and those that are
 * unwanted. Java frees a file's space when it collects the mapping as garbage, but for the
 * collector a mapping is a few bytes, so that may take days. So this class starts a garbage
 * collection once as many bytes are unwanted as are in use. Unmapping at once would be cheaper, but
 * a task that still reads the rows would crash the process.
 *
 * <p>Threads may share it.
 */
final class MappedSpace {
  /** Less than this isn't worth a collection. */
  private static final long LEAST_BYTES = 64L << 20;

  private static final MappedSpace OF_THIS_PROCESS = new MappedSpace(System::gc);

  private final Runnable collector;
  private long used;
  private long unwanted;
  private boolean collecting;

  MappedSpace(Runnable collector) {
    this.collector = collector;
  }

  static MappedSpace ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /** Counts a file that is in use from now on. */
  synchronized void use(long bytes) {
    used += bytes;
  }

  /** Counts a file that was in use and is not wanted any more. */
  synchronized void drop(long bytes) {
    used -= bytes;
    unwanted += bytes;
    if (!collecting && isDue()) {
      collecting = true;
      // In a thread, because Spark drops rows while it holds its locks.
      var thread = new Thread(this::collect, "chainrule-mapped-space");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private boolean isDue() {
    return unwanted >= Math.max(LEAST_BYTES, used);
  }

  private void collect() {
    do {
      synchronized (this) {
        unwanted = 0;
      }
      collector.run();
    } while (isDueAgain());
  }

  /** Returns whether enough was dropped meanwhile; if not, the next drop may start a thread. */
  private synchronized boolean isDueAgain() {
    collecting = isDue();
    return collecting;
  }
}
