package chainrule.bench;

import chainrule.data.NumberEncoding;
import chainrule.nn.Activation;
import chainrule.train.Choice;
import chainrule.train.NetworkSettings;
import chainrule.train.OptimizerSettings;
import chainrule.train.ScheduleSettings;
import chainrule.train.Selection;
import chainrule.train.TrainingSettings;
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
                Choice.auto(),
                Choice.of(0.0),
                Choice.auto()))
        .optimizer(new OptimizerSettings("adam", Choice.of(1e-3), Map.of()))
        .schedule(
            new ScheduleSettings(
                "constant", 1, 1, 0, Choice.auto(), 0, ScheduleSettings.Unit.STEPS))
        .loss(Choice.of("cross-entropy"))
        .labelSmoothing(Choice.of(0.0))
        .encoding(Choice.of(NumberEncoding.PLAIN))
        .batchSize(Choice.of(batchSize))
        .selection(Selection.LAST)
        .refit(Choice.of(false))
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
