package chainrule.spark.cluster;

/** How many executors died or hung while an engine ran, each counted once. Threads may share it. */
public final class LostExecutors {
  private final JobWatch watch;
  private final int before;
  private int after = -1;

  public LostExecutors(JobWatch watch) {
    this.watch = watch;
    this.before = watch.lostExecutors();
  }

  /** Notes one, of which Spark may tell later; of the empty text nothing. */
  public void note(String executor) {
    if (!executor.isEmpty()) {
      watch.lost(executor);
    }
  }

  /** Ends the count, for another engine that goes on with it. */
  public synchronized void stop() {
    if (after < 0) {
      after = watch.lostExecutors();
    }
  }

  public synchronized int count() {
    return (after < 0 ? watch.lostExecutors() : after) - before;
  }
}
