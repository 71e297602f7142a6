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

/** The jobs that a {@link JobWatch} identifies by one tag. Threads may share them. */
public final class WatchedJobs implements AutoCloseable {
  private static final String TAG = "chainrule-watched-";

  private final JobWatch watch;
  private final long number;
  private final boolean limited;
  private final Consumer<RuntimeException> whenDecided;
  private final AtomicReference<RuntimeException> verdict = new AtomicReference<>();

  // Guarded by this.
  private final Set<Integer> active = new HashSet<>(); // never iterated
  private long waitsSince = -1;

  /**
   * @param number orders nested instances: the inner one has the greater number
   * @param limited whether the time that the jobs wait for executors is limited
   * @param whenDecided called once with the reason why the jobs must end
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

  /** Returns the numbers in a job's tags. */
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

  /** Runs an action and tags the jobs that this thread submits meanwhile. */
  public <T> T tagged(Supplier<T> action) {
    SparkContext context = watch.context();
    context.addJobTag(tag(number));
    try {
      return action.get();
    } finally {
      context.removeJobTag(tag(number));
    }
  }

  synchronized void start(int job) {
    active.add(job);
  }

  synchronized void finish(int job) {
    active.remove(job);
  }

  /**
   * Updates the time for which the jobs have waited for executors.
   *
   * @param none whether the cluster has no executor now
   * @return nanoseconds for which active jobs have had no executor
   */
  synchronized long updateWait(boolean none) {
    if (!limited || !none || active.isEmpty()) {
      waitsSince = -1;
      return 0;
    }
    long now = System.nanoTime();
    waitsSince = waitsSince < 0 ? now : waitsSince;
    return now - waitsSince;
  }

  /** Ends the jobs, once. */
  void end(RuntimeException why) {
    if (verdict.compareAndSet(null, why)) {
      whenDecided.accept(why);
    }
  }

  /** Returns the reason why the jobs were ended; empty if they were not. */
  Optional<RuntimeException> verdict() {
    return Optional.ofNullable(verdict.get());
  }

  @Override
  public void close() {
    watch.close(this);
  }
}
