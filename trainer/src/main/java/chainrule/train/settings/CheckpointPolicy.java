package chainrule.train.settings;

import chainrule.math.Check;

/**
 * When checkpoints are written: whenever one of three conditions holds. 0 switches a condition off;
 * if all are off, no checkpoint is written, not even when training is interrupted. Immutable.
 *
 * @param everyEpochs after each epoch whose number is a multiple of this
 * @param everySteps after each step whose number, from 1 in its phase, is a multiple of this
 * @param everyMinutes after the first step that ends so many minutes or more after the last
 *     checkpoint
 */
public record CheckpointPolicy(int everyEpochs, long everySteps, double everyMinutes) {
  public CheckpointPolicy {
    Check.argument(everyEpochs >= 0, "every-epochs", everyEpochs, ">= 0");
    Check.argument(everySteps >= 0, "every-steps", everySteps, ">= 0");
    Check.argument(
        everyMinutes >= 0 && Double.isFinite(everyMinutes),
        "every-minutes",
        everyMinutes,
        ">= 0 and finite");
  }

  /** Returns the policy that writes no checkpoint. */
  public static CheckpointPolicy never() {
    return new CheckpointPolicy(0, 0, 0);
  }

  /** Returns whether any checkpoint is written. */
  public boolean isOn() {
    return everyEpochs > 0 || everySteps > 0 || everyMinutes > 0;
  }

  public boolean isDueAfterEpoch(int epoch) {
    return everyEpochs > 0 && epoch % everyEpochs == 0;
  }

  public boolean isDueAfterStep(long step, long nanosSinceLast) {
    return (everySteps > 0 && step % everySteps == 0)
        || (everyMinutes > 0 && nanosSinceLast >= everyMinutes * 60e9);
  }
}
