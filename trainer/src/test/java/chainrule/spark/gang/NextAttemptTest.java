package chainrule.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.InvalidDataException;
import chainrule.spark.cluster.ClusterLostException;
import chainrule.spark.cluster.NoSlotsException;
import chainrule.spark.gang.NextAttempt.Cluster;
import chainrule.train.shard.WorkerFailedException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The decision after the end of an attempt, without Spark. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // for cases that hold the exceptions below
class NextAttemptTest {
  private static final int SECONDS = 60;
  private static final int REGISTERED = 3;
  private static final int ROOM = 9;
  private final Throwable loss = new SparkException("executor 7 was lost");
  private final Throwable earlier = new SparkException("an earlier failure");
  private final UnreachableException unreached =
      UnreachableException.driver("driver.host", 7077, new IOException("refused"));

  private static NextAttempt.Ended ended(
      AttemptEnd end, Throwable cause, boolean fruitful, List<Throwable> before) {
    return new NextAttempt.Ended(end, cause, fruitful, before, REGISTERED, ROOM);
  }

  private static NextAttempt after(
      AttemptEnd end, Throwable cause, boolean fruitful, List<Throwable> before) {
    return NextAttempt.after(ended(end, cause, fruitful, before), Cluster.RUNNING, SECONDS);
  }

  private static RuntimeException failure(NextAttempt next) {
    assertThat(next).isInstanceOf(NextAttempt.Fail.class);
    return ((NextAttempt.Fail) next).exception();
  }

  /** A case of the table: the ended attempt, and the attempt that must follow with 5 slots. */
  private record Case(
      AttemptEnd end,
      boolean fruitful,
      List<Throwable> before,
      NextAttempt.Start expected,
      int tasks) {}

  private List<Case> attemptsThatFollow() {
    List<Throwable> none = List.of();
    List<Throwable> one = List.of(earlier);
    List<Throwable> three = Collections.nCopies(3, earlier);
    List<Throwable> four = Collections.nCopies(4, earlier);
    var first = new NextAttempt.Retry(List.of(loss), false);
    var second = new NextAttempt.Retry(List.of(earlier, loss), false);
    return List.of(
        new Case(AttemptEnd.LOST, false, none, first, 5),
        new Case(AttemptEnd.LOST, true, none, first, 5),
        new Case(AttemptEnd.LOST, false, one, second, 5),
        // An answer in between clears the earlier failures.
        new Case(AttemptEnd.LOST, true, four, first, 5),
        new Case(AttemptEnd.FAILED, false, one, second, 5),
        new Case(
            AttemptEnd.FAILED,
            false,
            three,
            new NextAttempt.Retry(List.of(earlier, earlier, earlier, loss), false),
            5),
        new Case(AttemptEnd.UNREACHABLE, false, none, first, 5),
        // Only an executor that hangs has to be removed.
        new Case(AttemptEnd.SILENT, false, none, new NextAttempt.Retry(List.of(loss), true), 5),
        new Case(AttemptEnd.TOO_FEW, false, four, new NextAttempt.Shrink(REGISTERED), REGISTERED),
        // Room may exceed the slots, because dynamic allocation adds executors for waiting tasks.
        new Case(AttemptEnd.GROWING, true, none, new NextAttempt.Grow(ROOM), ROOM));
  }

  @ParameterizedTest
  @MethodSource("attemptsThatFollow")
  void startsAnotherAttempt(Case one) {
    NextAttempt next = after(one.end, loss, one.fruitful, one.before);
    assertThat(next).isEqualTo(one.expected);
    assertThat(next.orThrow()).isSameAs(next);
    assertThat(next.orThrow().tasks(5)).isEqualTo(one.tasks);
    assertThat(next.orThrow().failures()).isEqualTo(one.expected.failures());
    assertThat(next.isFault()).isEqualTo(one.expected instanceof NextAttempt.Retry);
  }

  @Test
  void aSmallerGangHasNoMoreTasksThanSlots() {
    assertThat(new NextAttempt.Shrink(3).tasks(2)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void failsWithTheCauseOnceTrainingIsStopped(AttemptEnd end) {
    NextAttempt next =
        NextAttempt.after(ended(end, loss, true, List.of()), Cluster.STOPPED, SECONDS);
    assertThat(failure(next)).isInstanceOf(WorkerFailedException.class).hasCause(loss);
    assertThat(next.isFault()).isFalse();
    assertThatThrownBy(next::orThrow).isSameAs(failure(next));
  }

  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "CLOSED"})
  void doesNotRepeatACancelledJob(AttemptEnd end) {
    NextAttempt next = after(end, loss, true, List.of());
    assertThat(failure(next)).isInstanceOf(WorkerFailedException.class).hasCause(loss);
    assertThat(next.isFault()).isFalse();
  }

  @Test
  void doesNotReadInvalidRowsAgain() {
    var refused = new InvalidDataException("table.csv:3:age: Invalid number");
    var wrapped = new SparkException("a task failed", refused);
    NextAttempt next = after(AttemptEnd.REFUSED, wrapped, false, List.of());
    assertThat(failure(next))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage("table.csv:3:age: Invalid number")
        .hasCause(wrapped);
    assertThat(next.isFault()).isFalse();
  }

  @Test
  void withoutATaskTheReasonDependsOnTheCluster() {
    Throwable cause = new SparkException("no task could start for 60 s");
    NextAttempt.Ended ended = ended(AttemptEnd.NO_TASK, cause, false, List.of(earlier));
    NextAttempt busy = NextAttempt.after(ended, Cluster.RUNNING, SECONDS);
    assertThat(failure(busy))
        .isInstanceOf(NoSlotsException.class)
        .hasMessage(
            "Cannot train with the gang engine: no task could start for 60 s (end other jobs of the"
                + " Spark application, or use training.engine=tree)");
    assertThat(busy.isFault()).isFalse();
    NextAttempt lost = NextAttempt.after(ended, Cluster.LOST, SECONDS);
    assertThat(failure(lost))
        .isInstanceOf(ClusterLostException.class)
        .hasMessage("Cannot continue: all executors were lost, and no new one registered for 60 s");
  }

  @Test
  void tasksThatCouldNotConnectMayOccupyTheSlotsOfTheNextAttempt() {
    Throwable cause = new SparkException("no task could start for 60 s");
    List<Throwable> before = List.of(earlier, new SparkException("in a task", unreached));
    NextAttempt next = after(AttemptEnd.NO_TASK, cause, false, before);
    assertThat(failure(next))
        .isInstanceOf(UnreachableException.class)
        .hasMessage(unreached.getMessage());
    assertThat(next.isFault()).isFalse();
  }

  @Test
  void givesUpWhenTheDriverIsUnreachableTwice() {
    NextAttempt next = after(AttemptEnd.UNREACHABLE, unreached, false, List.of(earlier, unreached));
    assertThat(failure(next))
        .isInstanceOf(UnreachableException.class)
        .hasMessage(
            "Cannot train with the gang engine: executors cannot connect to the driver at"
                + " driver.host:7077 (set spark.chainrule.driver.host and"
                + " spark.chainrule.driver.port to an address that the network allows, or use"
                + " training.engine=tree)")
        .hasSuppressedException(earlier);
    assertThat(next.isFault()).isTrue();
    assertThat(after(AttemptEnd.UNREACHABLE, unreached, true, List.of(unreached)))
        .as("an answer in between")
        .isInstanceOf(NextAttempt.Retry.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOST", "SILENT"})
  void givesUpAfterFiveLossesInARow(AttemptEnd end) {
    NextAttempt next = after(end, loss, false, Collections.nCopies(4, earlier));
    assertThat(failure(next))
        .isInstanceOf(ClusterLostException.class)
        .hasMessage(
            "Cannot continue training: executors were lost 5 times in a row, most recently:"
                + " executor 7 was lost")
        .hasCause(loss);
    assertThat(failure(next).getSuppressed()).containsOnly(earlier).hasSize(4);
    assertThat(next.isFault()).isTrue();
  }

  @Test
  void givesUpAfterFiveOtherFailuresInARow() {
    NextAttempt next = after(AttemptEnd.FAILED, loss, false, Collections.nCopies(4, earlier));
    assertThat(failure(next)).isInstanceOf(WorkerFailedException.class).hasCause(loss);
    assertThat(next.isFault()).isTrue();
  }
}
