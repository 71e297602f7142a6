package chainrule.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.InvalidDataException;
import chainrule.data.RowProblem;
import chainrule.data.RowProblemException;
import chainrule.spark.Sparks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;

/**
 * Jobs in one JVM that retries tasks a thousand times. The tests of a lost cluster need a cluster.
 */
@Timeout(120)
class JobWatchTest {
  private static final int TRIES = 1000;

  /** How often a task was tried, by test; tasks run in this JVM. */
  private static final Map<String, AtomicInteger> TRIED = new ConcurrentHashMap<>();

  private static final Semaphore STARTED = new Semaphore(0);
  private static final Semaphore GO = new Semaphore(0);

  private SparkContext context;

  @BeforeEach
  void startSpark() {
    context = Sparks.of("local[2," + TRIES + "]", Map.of()).sparkContext();
  }

  /** Runs a task that gets the number of its try, from 1. */
  private List<Integer> task(String test, SerializableFunction work) {
    TRIED.put(test, new AtomicInteger());
    return JavaSparkContext.fromSparkContext(context)
        .parallelize(List.of(1), 1)
        .map(one -> work.apply(TRIED.get(test).incrementAndGet()))
        .collect();
  }

  /** The code of a task. */
  private interface SerializableFunction extends IntFunction<Integer>, java.io.Serializable {}

  @Test
  void anInvalidFileEndsTheJobWithoutRetries() {
    assertThatThrownBy(
            () ->
                JobWatch.run(
                    context,
                    () ->
                        task(
                            "refused",
                            times -> {
                              throw new IllegalStateException(
                                  "Spark wraps it", new InvalidDataException("a.csv: Invalid x"));
                            })))
        .isExactlyInstanceOf(InvalidDataException.class)
        .hasMessage("a.csv: Invalid x");
    assertThat(TRIED.get("refused").get()).isLessThan(TRIES);
  }

  @Test
  void anInvalidRowEndsTheJobWithoutRetries() {
    var problem = new RowProblem("a.csv", 3, "x", "n/a", "a number", false);
    assertThatThrownBy(
            () ->
                JobWatch.run(
                    context,
                    () ->
                        task(
                            "row",
                            times -> {
                              throw new RowProblemException(problem);
                            })))
        .isInstanceOfSatisfying(
            RowProblemException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    assertThat(TRIED.get("row").get()).isLessThan(TRIES);
  }

  @Test
  void otherFailuresAreRetried() {
    List<Integer> result =
        JobWatch.run(
            context,
            () ->
                task(
                    "chance",
                    times -> {
                      if (times < 3) {
                        throw new IllegalStateException("for once");
                      }
                      return times;
                    }));
    assertThat(result).containsExactly(3);
  }

  @Test
  void theInnerOfTwoWatchesGetsTheException() {
    List<String> messages =
        JobWatch.run(
            context,
            () -> {
              try {
                return JobWatch.run(
                    context,
                    () ->
                        List.of(
                            task(
                                    "inner",
                                    times -> {
                                      throw new InvalidDataException("a.csv: Invalid x");
                                    })
                                .toString()));
              } catch (InvalidDataException e) {
                return List.of(e.getMessage());
              }
            });
    assertThat(messages).containsExactly("a.csv: Invalid x");
  }

  @Test
  void groupsAndTagsOfTheUserStayAsTheyAre() throws Exception {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    var listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            seen.add(start.properties().getProperty("spark.jobGroup.id"));
            seen.addAll(List.of(start.properties().getProperty("spark.job.tags").split(",", -1)));
          }
        };
    context.addSparkListener(listener);
    context.setJobGroup("group of the user", "some work", false);
    context.addJobTag("tag-of-the-user");
    try {
      JobWatch.run(context, () -> task("user", times -> times));
      context.listenerBus().waitUntilEmpty();
      assertThat(seen).contains("group of the user", "tag-of-the-user").hasSize(3);
      assertThat(context.getLocalProperty("spark.job.tags")).isEqualTo("tag-of-the-user");
      assertThat(context.getLocalProperty("spark.jobGroup.id")).isEqualTo("group of the user");
    } finally {
      context.removeSparkListener(listener);
      context.clearJobGroup();
      context.clearJobTags();
    }
  }

  @Test
  void theUserMayCancelAJobThatIsWatched() {
    context.addJobTag("cancelled-by-the-user");
    var listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            context.cancelJobsWithTag("cancelled-by-the-user");
          }
        };
    context.addSparkListener(listener);
    try {
      assertThatThrownBy(
              () ->
                  JobWatch.run(
                      context,
                      () ->
                          task(
                              "cancelled",
                              times -> {
                                throw new IllegalStateException("again and again");
                              })))
          .hasMessageContaining("cancelled-by-the-user");
    } finally {
      context.removeSparkListener(listener);
      context.clearJobTags();
    }
  }

  /** Lets a task report that it runs, and wait. */
  private static <T> T block(T value) {
    STARTED.release();
    GO.acquireUninterruptibly();
    return value;
  }

  @Test
  void knowsAtOnceWhichStagesOfAJobRun() throws Exception {
    JobWatch watch = JobWatch.of(context);
    try (WatchedJobs jobs = watch.open(refused -> {})) {
      JavaFutureAction<Void> future =
          jobs.tagged(
              () ->
                  JavaSparkContext.fromSparkContext(context)
                      .parallelize(List.of(1), 1)
                      .mapToPair(one -> new Tuple2<>(block(one), one))
                      .groupByKey(1)
                      .foreachAsync(group -> block(group)));
      int job = future.jobIds().get(0);
      assertThat(activityOnceStarted(watch, job)).isEqualTo(JobWatch.Activity.EARLIER_STAGES);
      GO.release();
      assertThat(activityOnceStarted(watch, job)).isEqualTo(JobWatch.Activity.LAST_STAGE);
      GO.release();
      future.get();
      context.listenerBus().waitUntilEmpty();
      assertThat(watch.activity(job)).isEqualTo(JobWatch.Activity.NONE);
    }
  }

  private JobWatch.Activity activityOnceStarted(JobWatch watch, int job) throws Exception {
    STARTED.acquire();
    context.listenerBus().waitUntilEmpty();
    return watch.activity(job);
  }
}
