package chainrule.spark.cluster;

/** Counts the executors that died or hung while an engine ran, each once. Threads may share it. */
public final class LostExecutors {
  private final JobWatch watch;
  private final int before;
  private int after = -1;

  public LostExecutors(JobWatch watch) {
    this.watch = watch;
    this.before = watch.lostExecutors();
  }

  /** Counts an executor before Spark reports its loss; ignores an empty id. */
  public void add(String executor) {
    if (!executor.isEmpty()) {
      watch.lost(executor);
    }
  }

  /** Stops counting, because another engine counts from now on. */
  public synchronized void stop() {
    if (after < 0) {
      after = watch.lostExecutors();
    }
  }

  public synchronized int count() {
    return (after < 0 ? watch.lostExecutors() : after) - before;
  }
}
