package chainrule.ml;

import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;

/** Ends a training as a driver's death does: nothing of it runs any more, not even a rescue. */
final class Killed extends Error {
  private static final long serialVersionUID = 1;

  private Killed(int epoch) {
    super("Killed in epoch " + epoch);
  }

  /** Returns a listener that does so when this many epochs are done, those of a refit included. */
  static TrainingListener after(int epochs) {
    return new TrainingListener() {
      private int done;

      @Override
      public void epochFinished(EpochRecord epoch) {
        done++;
        if (done == epochs) {
          throw new Killed(done);
        }
      }
    };
  }
}
