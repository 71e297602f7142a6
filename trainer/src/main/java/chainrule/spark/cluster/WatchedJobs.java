package chainrule.spark.cluster;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;

/** Jobs that a {@link JobWatch} knows by one tag. Threads may share them. */
public final class WatchedJobs implements AutoCloseable {
  private static final String TAG = "chainrule-watched-";

  private final JobWatch watch;
  private final long number;
  private final boolean limited;
  private final Consumer<RuntimeException> whenDecided;
  private final AtomicReference<RuntimeException> verdict = new AtomicReference<>();

  // Guarded by this.
  private final Set<Integer> active = new HashSet<>(); // only counted
  private long waitsSince = -1;

  /**
   * @param number of those that are open the greater one is the inner one
   * @param limited whether they may wait for executors for so long only
   * @param whenDecided is told why the jobs must end, once
   */
  WatchedJobs(
      JobWatch watch, long number, boolean limited, Consumer<RuntimeException> whenDecided) {
    this.watch = watch;
    this.number = number;
    this.limited = limited;
    this.whenDecided = whenDecided;
  }

  static String tag(long number) {
    return TAG + number;
  }

  /** Returns the numbers in the tags of a job. */
  static Stream<Long> numbers(Properties properties) {
    String tags = properties == null ? null : properties.getProperty("spark.job.tags");
    return tags == null
        ? Stream.empty()
        : Arrays.stream(tags.split(",", -1))
            .filter(tag -> tag.startsWith(TAG))
            .map(tag -> Long.parseLong(tag.substring(TAG.length())));
  }

  long number() {
    return number;
  }

  /** Does something whose jobs, submitted by this thread, are of these. */
  public <T> T tagged(Supplier<T> action) {
    SparkContext context = watch.context();
    context.addJobTag(tag(number));
    try {
      return action.get();
    } finally {
      context.removeJobTag(tag(number));
    }
  }

  synchronized void begun(int job) {
    active.add(job);
  }

  synchronized void ended(int job) {
    active.remove(job);
  }

  /**
   * Notes whether there are executors.
   *
   * @return for how many nanoseconds there have been none for these jobs
   */
  synchronized long wait(boolean none) {
    if (!limited || !none || active.isEmpty()) {
      waitsSince = -1;
      return 0;
    }
    long now = System.nanoTime();
    waitsSince = waitsSince < 0 ? now : waitsSince;
    return now - waitsSince;
  }

  /** Ends the jobs. */
  void end(RuntimeException why) {
    if (verdict.compareAndSet(null, why)) {
      whenDecided.accept(why);
    }
  }

  /** Returns why the jobs were ended, if they were. */
  Optional<RuntimeException> verdict() {
    return Optional.ofNullable(verdict.get());
  }

  @Override
  public void close() {
    watch.close(this);
  }
}
