package chainrule.bench;

import chainrule.data.NumberEncoding;
import chainrule.nn.Activation;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.ScheduleSettings;
import chainrule.train.settings.Selection;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A classifier to be trained, as PyTorch's users would write it: ReLU, softmax cross-entropy, Adam
 * with a constant rate of 0.001. Immutable.
 *
 * @param layers widths, from the inputs to the classes
 */
record Shape(List<Integer> layers, int batchSize) implements Serializable {
  static Shape of(int batchSize, Integer... layers) {
    return new Shape(List.of(layers), batchSize);
  }

  int inputs() {
    return layers.get(0);
  }

  int classes() {
    return layers.get(layers.size() - 1);
  }

  int parameters() {
    int count = 0;
    for (int i = 1; i < layers.size(); i++) {
      count += (layers.get(i - 1) + 1) * layers.get(i);
    }
    return count;
  }

  TrainingSettings settings() {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                layers.subList(1, layers.size() - 1),
                Activation.RELU,
                Setting.auto(),
                Setting.of(0.0),
                Setting.auto()))
        .optimizer(new OptimizerSettings("adam", Setting.of(1e-3), Map.of()))
        .schedule(
            new ScheduleSettings(
                "constant", 1, 1, 0, Setting.auto(), 0, ScheduleSettings.Unit.STEPS))
        .loss(Setting.of("cross-entropy"))
        .labelSmoothing(Setting.of(0.0))
        .encoding(Setting.of(NumberEncoding.PLAIN))
        .batchSize(Setting.of(batchSize))
        .selection(Selection.LAST)
        .refit(Setting.of(false))
        .build();
  }

  /** Returns the widths with a comma between each two. */
  String layersText() {
    return layers.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  @Override
  public String toString() {
    return "[" + layersText() + "] batch " + batchSize;
  }
}
