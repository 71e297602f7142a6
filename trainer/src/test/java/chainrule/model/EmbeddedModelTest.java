package chainrule.model;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.nn.Activation;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A category of 5,000 values that nothing else tells of: whether the label is yes is the town's
 * own, but for one row in ten, and towns of a single row say yes four times in five.
 */
class EmbeddedModelTest {
  private static final int TOWNS = 5_000;
  private static final Schema SCHEMA =
      new Schema(
          List.of(Column.numeric("x"), Column.categorical("town"), Column.categorical("color")),
          Column.categorical("label"),
          "");

  private static TrainedModel model;

  private static RawRow row(RandomStream random, String town, boolean yes) {
    return RawRow.withTextLabel(
        new double[] {random.nextGaussian()},
        new String[] {town, "c" + random.nextInt(3)},
        yes ? "yes" : "no",
        1);
  }

  private static boolean saysYes(int town) {
    return new RandomStream(town).nextInt(2) == 1;
  }

  private static List<RawRow> rows() {
    var random = new RandomStream(1);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 8 * TOWNS; i++) {
      int town = i % TOWNS;
      rows.add(row(random, "town " + town, saysYes(town) ^ random.nextInt(10) == 0));
    }
    for (int i = 0; i < 1_000; i++) {
      rows.add(row(random, "hamlet " + i, random.nextInt(5) > 0));
    }
    return rows;
  }

  private static TrainedModel train(List<RawRow> rows, int embedAbove, int threads) {
    TrainingSettings settings =
        TrainingSettings.builder()
            .network(
                new NetworkSettings(
                    List.of(16), Activation.SILU, Setting.auto(), Setting.of(0.0), Setting.auto()))
            .embedAbove(embedAbove)
            .batchSize(Setting.of(512))
            .epochs(Setting.of(12))
            .validationFraction(Setting.of(0.0))
            .build();
    return new Trainer(settings, TrainingListener.NONE)
        .train(new InMemoryTable(SCHEMA, rows, new JavaKernels(), threads))
        .model();
  }

  @BeforeAll
  static void train() {
    model = train(rows(), Encoder.EMBED_ABOVE, 1);
  }

  private static Map<String, Object> features(RandomStream random, String town) {
    Map<String, Object> features = new HashMap<>();
    features.put("x", random.nextGaussian());
    features.put("town", town);
    features.put("color", "c" + random.nextInt(3));
    return features;
  }

  @Test
  void learnsWhatOnlyTheEmbeddingCanTell() {
    assertThat(model.network().embedding().orElseThrow().rows()).containsExactly(TOWNS + 1);
    var scorer = new RowScorer(model, new JavaKernels());
    var random = new RandomStream(2);
    int right = 0;
    for (int town = 0; town < TOWNS; town++) {
      String label = scorer.predict(features(random, "town " + town)).label();
      right += label.equals(saysYes(town) ? "yes" : "no") ? 1 : 0;
    }
    // Of eight labels, one in ten of which is wrong, a majority is right 99.5 times in a hundred.
    assertThat(right).isGreaterThan((int) (0.98 * TOWNS));
  }

  @Test
  void predictsOfTownsItHasNotSeenWhatIsUsualOfRareOnes() {
    var scorer = new RowScorer(model, new JavaKernels());
    for (String town : List.of("Atlantis", "hamlet 3", "")) {
      var probabilities = scorer.predict(features(new RandomStream(3), town)).probabilities();
      assertThat(probabilities.get("yes")).as(town).isBetween(0.65, 0.9);
    }
  }

  @Test
  void givesTheSameBitsWhateverTheThreadsAndTheOrderOfRows() {
    List<RawRow> reversed = new ArrayList<>();
    rows().forEach(row -> reversed.add(0, row));
    assertThat(train(reversed, Encoder.EMBED_ABOVE, 3).parameters())
        .containsExactly(model.parameters());
  }

  @Test
  void predictsTheSameFromItsFile() {
    TrainedModel read = ModelFile.of(ModelFile.toBytes(model));
    assertThat(read.parameters()).containsExactly(model.parameters());
    var random = new RandomStream(4);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(features(random, "town " + 20 * i));
    }
    assertThat(new RowScorer(read, new JavaKernels()).predict(rows))
        .isEqualTo(new RowScorer(model, new JavaKernels()).predict(rows));
  }
}
