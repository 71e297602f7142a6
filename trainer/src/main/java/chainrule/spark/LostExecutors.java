package chainrule.spark;

/** How many executors died or hung while an engine ran, each counted once. Threads may share it. */
final class LostExecutors {
  private final JobWatch watch;
  private final int before;
  private int after = -1;

  LostExecutors(JobWatch watch) {
    this.watch = watch;
    this.before = watch.lostExecutors();
  }

  /** Notes one, of which Spark may tell later; of the empty text nothing. */
  void note(String executor) {
    if (!executor.isEmpty()) {
      watch.lost(executor);
    }
  }

  /** Ends the count, for another engine that goes on with it. */
  synchronized void stop() {
    if (after < 0) {
      after = watch.lostExecutors();
    }
  }

  synchronized int count() {
    return (after < 0 ? watch.lostExecutors() : after) - before;
  }
}
