package chainrule.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.math.RandomStream;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowScorerTest {
  private static final List<Column> FEATURES =
      List.of(Column.numeric("x"), Column.categorical("town"), Column.numeric("y"));

  @TempDir private static Path folder;

  private static TrainedModel model(boolean classes) {
    var random = new RandomStream(4);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double[] numbers = {random.nextGaussian(), i % 9 == 0 ? Double.NaN : random.nextInt(5)};
      String[] town = {"t" + random.nextInt(3)};
      rows.add(
          classes
              ? RawRow.withTextLabel(numbers, town, numbers[0] > 0 ? "up" : "down", 1)
              : RawRow.withNumericLabel(numbers, town, 100 + 10 * numbers[0], 1));
    }
    Column label = classes ? Column.categorical("way") : Column.numeric("way");
    var table = new InMemoryTable(new Schema(FEATURES, label, ""), rows, new JavaKernels(), 1);
    TrainingSettings settings = TrainingSettings.builder().epochs(Setting.of(30)).build();
    return new Trainer(settings, TrainingListener.NONE).train(table).model();
  }

  private static Map<String, Object> row(Object x, Object town, Object y) {
    Map<String, Object> row = new HashMap<>();
    row.put("x", x);
    row.put("town", town);
    row.put("y", y);
    return row;
  }

  @Test
  void predictsAClassWithItsProbability() {
    var scorer = new RowScorer(model(true), new JavaKernels());
    assertThat(scorer.columns()).containsExactly("x", "town", "y");
    RowScorer.Prediction up = scorer.predict(row(2.5, "t1", 3));
    assertThat(up.label()).isEqualTo("up");
    assertThat(up.value()).isEqualTo(1);
    assertThat(up.probabilities()).containsOnlyKeys("down", "up");
    assertThat(up.probabilities().get("up")).isGreaterThan(0.8);
    assertThat(up.probabilities().values().stream().mapToDouble(p -> p).sum())
        .isCloseTo(1, within(1e-6));
    assertThat(scorer.predict(row(-2.5f, "nowhere", null)).label()).isEqualTo("down");
    assertThat(scorer.predict(Map.of())).isEqualTo(scorer.predict(row(null, null, null)));
  }

  @Test
  void predictsANumberInTheLabelsUnit() {
    var scorer = new RowScorer(model(false), new JavaKernels());
    RowScorer.Prediction prediction = scorer.predict(row(1.0, "t0", 2L));
    assertThat(prediction.value()).isCloseTo(110, within(3.0));
    assertThat(prediction.label()).isEqualTo(Double.toString(prediction.value()));
    assertThat(prediction.probabilities()).isEmpty();
  }

  private static RowScorer ofSeveral(boolean classes) {
    var random = new RandomStream(5);
    List<RawRow> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      rows.add(
          RawRow.withLabels(
              new double[] {x, y},
              new String[] {"t"},
              classes ? new double[] {Double.NaN, y > 0 ? 1 : 0} : new double[] {100 + 10 * x, y},
              classes ? new String[] {x > 0 ? "up" : "down", ""} : new String[] {"", ""},
              1));
    }
    List<Column> labels =
        List.of(
            classes ? Column.categorical("way") : Column.numeric("way"), Column.numeric("side"));
    var table = new InMemoryTable(new Schema(FEATURES, labels, ""), rows, new JavaKernels(), 1);
    TrainingSettings settings = TrainingSettings.builder().epochs(Setting.of(40)).build();
    TrainedModel model = new Trainer(settings, TrainingListener.NONE).train(table).model();
    return new RowScorer(ModelFile.of(ModelFile.toBytes(model)), new JavaKernels());
  }

  @Test
  void predictsSeveralClassesByLabel() {
    RowScorer scorer = ofSeveral(true);
    assertThat(scorer.labels()).containsExactly("way", "side");
    Map<String, RowScorer.Prediction> labels = scorer.predictLabels(row(1.5, "t", -1.5));
    assertThat(labels.keySet()).containsExactly("way", "side");
    assertThat(labels.get("way").label()).isEqualTo("up");
    assertThat(labels.get("way").probabilities().keySet()).containsExactly("down", "up");
    assertThat(labels.get("way").probabilities().get("up")).isGreaterThan(0.7);
    assertThat(labels.get("side").label()).isEqualTo("0");
    assertThat(labels.get("side").value()).isZero();
    assertThatThrownBy(() -> scorer.predict(row(1, "t", 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot predict the label: there are several, [way, side] (predictLabels predicts"
                + " them)");
  }

  @Test
  void predictsSeveralNumbersByLabel() {
    RowScorer scorer = ofSeveral(false);
    List<Map<String, Object>> rows =
        IntStream.range(0, 300).mapToObj(i -> row(i * 0.01 - 1.5, "t", 1)).toList();
    List<Map<String, RowScorer.Prediction>> all = scorer.predictLabels(rows);
    assertThat(all).hasSize(300);
    assertThat(all.get(200).get("way").value()).isCloseTo(105, within(2.0));
    assertThat(all.get(200).get("side").value()).isCloseTo(1, within(0.2));
    assertThat(all.get(200).get("way").value())
        .isCloseTo(scorer.predictLabels(rows.get(200)).get("way").value(), within(1e-3));
  }

  @Test
  void predictsOneLabelByItsNameToo() {
    var scorer = new RowScorer(model(true), new JavaKernels());
    Map<String, Object> row = row(2.5, "t1", 3);
    assertThat(scorer.predictLabels(row)).isEqualTo(Map.of("way", scorer.predict(row)));
  }

  @Test
  void predictsManyRowsAsOneByOne() {
    var scorer = new RowScorer(model(false), new JavaKernels());
    List<Map<String, Object>> rows =
        IntStream.range(0, 600).mapToObj(i -> row(i * 0.01 - 3, "t" + i % 4, i % 6)).toList();
    List<RowScorer.Prediction> all = scorer.predict(rows);
    assertThat(all).hasSize(600);
    for (int i = 0; i < 600; i += 7) {
      assertThat(all.get(i).value()).isCloseTo(scorer.predict(rows.get(i)).value(), within(1e-3));
    }
  }

  @Test
  void refusesWhatIsNoNumber() {
    var scorer = new RowScorer(model(false), new JavaKernels());
    assertThatThrownBy(() -> scorer.predict(row("1.5", "t0", 1)))
        .hasMessage("x: Invalid value: \"1.5\" (must be a finite number, or missing)");
    assertThatThrownBy(() -> scorer.predict(row(1, "t0", Double.POSITIVE_INFINITY)))
        .hasMessage("y: Invalid value: \"Infinity\" (must be a finite number, or missing)");
  }

  /** A service of which Spark, Scala and Hadoop are no part. */
  static final class Service {
    private Service() {}

    public static void main(String[] args) throws IOException {
      Object value = RowScorer.load(Path.of(args[0])).predict(row(1.0, "t0", 2)).value();
      Files.writeString(Path.of(args[1]), value.toString());
    }
  }

  @Test
  void needsNoSparkOnTheClassPath() throws Exception {
    Path file = folder.resolve("network.safetensors");
    TrainedModel model = model(false);
    Files.write(file, ModelFile.toBytes(model));
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                entry ->
                    !entry.endsWith(".jar")
                        || entry.matches(".*(jackson|slf4j-api|openblas|javacpp)[^/]*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    Path answer = folder.resolve("answer");
    Path log = folder.resolve("log");
    int exitCode =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Service.class.getName(),
                file.toString(),
                answer.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertThat(exitCode).as(Files.readString(log)).isZero();
    assertThat(Double.parseDouble(Files.readString(answer)))
        .isCloseTo(
            new RowScorer(model, new JavaKernels()).predict(row(1.0, "t0", 2)).value(),
            within(1e-3));
  }
}
