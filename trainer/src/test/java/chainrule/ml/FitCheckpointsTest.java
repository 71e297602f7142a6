package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chainrule.data.Column;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.nn.Activation;
import chainrule.spark.store.CheckpointFolder;
import chainrule.spark.store.Folder;
import chainrule.train.DivergedException;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.settings.CheckpointPolicy;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.OptimizerSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FitCheckpointsTest {
  private static final InMemoryTable TABLE = table(120);

  @TempDir private Path temporary;

  private static InMemoryTable table(int rows) {
    var schema =
        new Schema(
            List.of(Column.numeric("x0"), Column.numeric("x1")), Column.numeric("label"), "");
    List<RawRow> raw = Tables.numbers(rows).stream().map(Tables.Example::raw).toList();
    return new InMemoryTable(schema, raw, new JavaKernels(), 2);
  }

  private static TrainingSettings.Builder settings() {
    return TrainingSettings.builder()
        .network(
            new NetworkSettings(
                List.of(4), Activation.SILU, Setting.auto(), Setting.of(0.2), Setting.auto()))
        .epochs(Setting.of(8))
        .batchSize(Setting.of(32))
        .validationFraction(Setting.of(0.2))
        .refit(Setting.of(true))
        .shards(Setting.of(4));
  }

  private FitCheckpoints checkpoints(String kernels) {
    return FitCheckpoints.in(
        temporary.toString(), new Configuration(), new CheckpointPolicy(1, 0, 0), kernels);
  }

  private Trainer.Outcome fit(TrainingSettings settings, TrainingListener listener) {
    return checkpoints("java").train(new Trainer(settings, listener), TABLE);
  }

  private static Trainer.Outcome undisturbed(TrainingSettings settings) {
    return new Trainer(settings, TrainingListener.NONE).train(TABLE);
  }

  private void kill(TrainingSettings settings, int epochs) {
    assertThatExceptionOfType(Killed.class)
        .isThrownBy(() -> fit(settings, Killed.after(epochs)))
        .withMessage("Killed in epoch " + epochs);
  }

  /** Returns the names of what is in a folder, but for Hadoop's check sums. */
  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the one folder there is. */
  private Path folder() {
    assertThat(names(temporary)).hasSize(1);
    return temporary.resolve(names(temporary).get(0));
  }

  @Test
  void goesOnToTheSameBitsAndRemovesItsFolder() {
    TrainingSettings settings = settings().build();
    float[] expected = undisturbed(settings).model().parameters();
    kill(settings, 3);
    assertThat(folder().getFileName().toString()).matches("fit-[0-9a-f]{16}-java");
    kill(settings, 6); // of a fit that goes on, and in its refit or shortly before
    Trainer.Outcome outcome = fit(settings, TrainingListener.NONE);
    assertThat(outcome.model().parameters()).isEqualTo(expected);
    assertThat(outcome.report().faults().resumed())
        .hasSize(2)
        .allSatisfy(place -> assertThat(place.step()).isPositive());
    assertThat(names(temporary)).isEmpty();
    assertThat(fit(settings, TrainingListener.NONE).report().faults().resumed()).isEmpty();
  }

  @Test
  void aDamagedOneIsSkippedAndWithoutAWholeOneItBeginsAgain() throws IOException {
    TrainingSettings settings = settings().build();
    float[] expected = undisturbed(settings).model().parameters();
    kill(settings, 3);
    Files.write(folder().resolve("fit-000000999999.safetensors"), new byte[100]);
    Trainer.Outcome outcome = fit(settings, TrainingListener.NONE);
    assertThat(outcome.report().faults().resumed()).hasSize(1);
    assertThat(outcome.model().parameters()).isEqualTo(expected);

    kill(settings, 3);
    for (String name : names(folder())) {
      Path file = folder().resolve(name);
      Files.delete(folder().resolve("." + name + ".crc"));
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    outcome = fit(settings, TrainingListener.NONE);
    assertThat(outcome.report().faults().resumed()).isEmpty();
    assertThat(outcome.model().parameters()).isEqualTo(expected);
    assertThat(names(temporary)).isEmpty();
  }

  @Test
  void otherParamsRowsAndKernelsNeitherFindNorTouchIt() {
    TrainingSettings settings = settings().build();
    kill(settings, 3);
    List<String> before = names(folder());
    TrainingSettings other = settings().l2(0.01).build();
    List<Trainer.Outcome> outcomes = new ArrayList<>();
    outcomes.add(fit(other, TrainingListener.NONE));
    outcomes.add(
        checkpoints("java").train(new Trainer(settings, TrainingListener.NONE), table(119)));
    outcomes.add(
        checkpoints("openblas").train(new Trainer(settings, TrainingListener.NONE), TABLE));
    assertThat(outcomes)
        .allSatisfy(outcome -> assertThat(outcome.report().faults().resumed()).isEmpty());
    assertThat(outcomes.get(0).model().parameters())
        .isEqualTo(undisturbed(other).model().parameters());
    assertThat(names(folder())).isEqualTo(before);
  }

  @Test
  void fitsAtTheSameTimeHaveAFolderEach() {
    TrainingSettings settings = settings().build();
    TrainingSettings other = settings().seed(2).build();
    float[] expected = undisturbed(settings).model().parameters();
    kill(settings, 2);
    kill(other, 2);
    assertThat(names(temporary)).hasSize(2);
    List<String> during = new ArrayList<>();
    List<float[]> within = new ArrayList<>();
    var innermost =
        new TrainingListener() {
          @Override
          public void phaseStarted(EpochRecord.Phase phase, int epochs, long steps) {
            during.addAll(names(temporary));
          }
        };
    var outer =
        new TrainingListener() {
          @Override
          public void phaseStarted(EpochRecord.Phase phase, int epochs, long steps) {
            if (within.isEmpty()) {
              // The same, and another, from beginning to end while the first one is running.
              within.add(fit(settings, innermost).model().parameters());
              within.add(fit(other, TrainingListener.NONE).model().parameters());
              assertThat(names(temporary)).hasSize(1);
            }
          }
        };
    Trainer.Outcome outcome = fit(settings, outer);
    assertThat(outcome.report().faults().resumed()).hasSize(1);
    assertThat(outcome.model().parameters()).isEqualTo(expected);
    assertThat(within.get(0)).isEqualTo(expected);
    assertThat(within.get(1)).isEqualTo(undisturbed(other).model().parameters());
    assertThat(during).anyMatch(name -> name.endsWith("-java-2"));
    assertThat(names(temporary)).isEmpty();
  }

  @Test
  void aFitThatDivergesLeavesNoneToGoOnFrom() {
    TrainingSettings settings =
        settings()
            .network(
                new NetworkSettings(
                    List.of(), Activation.SILU, Setting.auto(), Setting.of(0.0), Setting.auto()))
            .optimizer(new OptimizerSettings("sgd", Setting.of(1e4), Map.of()))
            .epochs(Setting.of(50))
            .build();
    kill(settings, 2);
    assertThat(names(folder())).isNotEmpty();
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> fit(settings, TrainingListener.NONE));
    assertThat(names(temporary)).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherVersionsPlansIsLeftAndTheFitBeginsAgain() {
    TrainingSettings settings = settings().build();
    kill(settings, 3);
    var root = new Folder(temporary.toString(), new Configuration());
    var folder = new CheckpointFolder(root, names(temporary).get(0), 1, Map.of("cpu", "another"));
    Checkpoint checkpoint = folder.newest().orElseThrow().contents().checkpoint();
    Map<String, String> facts = new TreeMap<>(checkpoint.facts());
    assertThat(facts.put("loss", "another")).isNotNull();
    folder.save(new Checkpoint(facts, checkpoint.finished(), checkpoint.loop(), Faults.none()));
    Trainer.Outcome outcome = fit(settings, TrainingListener.NONE);
    assertThat(outcome.report().faults().resumed()).isEmpty();
    assertThat(outcome.model().parameters()).isEqualTo(undisturbed(settings).model().parameters());
    assertThat(names(temporary)).isEmpty();
  }

  @Test
  void aPathThatCannotBeWrittenIsRefused() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    for (String path :
        List.of(file.toString(), file + "/inside", "nowhere://host/path", "s3a://b/path")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  FitCheckpoints.in(
                      path, new Configuration(), new CheckpointPolicy(1, 0, 0), "java"))
          .withMessageMatching(
              "Invalid checkpointPath: "
                  + path
                  + " \\(must be a folder that can be written, but: [^\n]{10,}\\)");
    }
    assertThat(names(temporary)).containsExactly("file");
  }
}
