package chainrule.spark.shard;

/**
 * How much of the files that are mapped to this process's memory is wanted. Java gives a file's
 * space back when it collects the mapping as garbage, but to the collector a mapping is a few
 * bytes: it might come to it in days. So garbage is collected once as much is unwanted as is in
 * use. To unmap at once would be cheaper, but a task that is late would take the process down with
 * it.
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
      // Spark drops rows while it holds locks of its own.
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

  /** Says whether more was dropped meanwhile; if not, the next drop may start a thread again. */
  private synchronized boolean isDueAgain() {
    collecting = isDue();
    return collecting;
  }
}
