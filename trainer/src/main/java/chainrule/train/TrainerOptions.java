package chainrule.train;

import chainrule.nn.Network;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.Checkpointer;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.Fold;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a {@link Trainer} is made with. Immutable.
 *
 * @param settings of the training
 * @param listener is notified of every step and epoch
 * @param initialParameters of a network
 * @param fold the fold to validate on, whatever the validation fraction is; auto: none
 * @param checkpointer writes checkpoints, and stops the training when asked to
 * @param checkpoint to resume from
 */
record TrainerOptions(
    TrainingSettings settings,
    TrainingListener listener,
    Function<Network, float[]> initialParameters,
    Setting<Fold> fold,
    Checkpointer checkpointer,
    Optional<Checkpoint> checkpoint) {
  TrainerOptions {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(initialParameters, "initialParameters");
    Objects.requireNonNull(fold, "fold");
    Objects.requireNonNull(checkpointer, "checkpointer");
    Objects.requireNonNull(checkpoint, "checkpoint");
  }

  TrainerOptions withInitialParameters(Function<Network, float[]> parameters) {
    return new TrainerOptions(settings, listener, parameters, fold, checkpointer, checkpoint);
  }

  TrainerOptions withFold(Fold value) {
    return new TrainerOptions(
        settings, listener, initialParameters, Setting.of(value), checkpointer, checkpoint);
  }

  TrainerOptions withCheckpointer(Checkpointer value) {
    return new TrainerOptions(settings, listener, initialParameters, fold, value, checkpoint);
  }

  TrainerOptions withCheckpoint(Checkpoint value) {
    return new TrainerOptions(
        settings, listener, initialParameters, fold, checkpointer, Optional.of(value));
  }
}
