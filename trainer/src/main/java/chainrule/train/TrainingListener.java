package chainrule.train;

import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.history.StepRecord;
import java.util.List;
import java.util.function.Supplier;

/** Is notified of the progress of a training, by the thread that trains, so it must be quick. */
public interface TrainingListener {
  /** Ignores everything. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * A training begins, or resumes from a checkpoint.
   *
   * @param faults supplies the faults so far that were overcome; any thread may call it at any time
   */
  default void trainingStarted(Supplier<Faults> faults) {}

  /**
   * A phase begins.
   *
   * @param epochs how many epochs it has, at most
   * @param steps how many steps it has, at most
   */
  default void phaseStarted(EpochRecord.Phase phase, int epochs, long steps) {}

  /**
   * A step is done.
   *
   * @param step from 0
   * @param loss mean over the step's rows, at the weights before the step
   */
  default void stepFinished(long step, double loss) {}

  /** A step is done. Calls {@link #stepFinished(long, double)} unless overridden. */
  default void stepFinished(StepRecord step) {
    stepFinished(step.step(), step.loss());
  }

  /** An epoch is done. */
  default void epochFinished(EpochRecord epoch) {}

  /** Returns a listener that notifies others, in their order. */
  static TrainingListener all(TrainingListener... others) {
    List<TrainingListener> listeners = List.of(others);
    return new TrainingListener() {
      @Override
      public void trainingStarted(Supplier<Faults> faults) {
        listeners.forEach(listener -> listener.trainingStarted(faults));
      }

      @Override
      public void phaseStarted(EpochRecord.Phase phase, int epochs, long steps) {
        listeners.forEach(listener -> listener.phaseStarted(phase, epochs, steps));
      }

      @Override
      public void stepFinished(StepRecord step) {
        listeners.forEach(listener -> listener.stepFinished(step));
      }

      @Override
      public void epochFinished(EpochRecord epoch) {
        listeners.forEach(listener -> listener.epochFinished(epoch));
      }
    };
  }
}
