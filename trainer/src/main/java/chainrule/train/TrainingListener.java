package chainrule.train;

import java.util.List;

/** Is told how training goes; called by the thread that trains, so it must be quick. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

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

  /** An epoch is done. */
  default void epochFinished(EpochRecord epoch) {}

  /** Returns a listener that tells others, in their order. */
  static TrainingListener all(TrainingListener... others) {
    List<TrainingListener> listeners = List.of(others);
    return new TrainingListener() {
      @Override
      public void phaseStarted(EpochRecord.Phase phase, int epochs, long steps) {
        listeners.forEach(listener -> listener.phaseStarted(phase, epochs, steps));
      }

      @Override
      public void stepFinished(long step, double loss) {
        listeners.forEach(listener -> listener.stepFinished(step, loss));
      }

      @Override
      public void epochFinished(EpochRecord epoch) {
        listeners.forEach(listener -> listener.epochFinished(epoch));
      }
    };
  }
}
