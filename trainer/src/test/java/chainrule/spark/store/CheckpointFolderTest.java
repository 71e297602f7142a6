package chainrule.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.optim.OptimizerState;
import chainrule.train.checkpoint.Checkpoint;
import chainrule.train.checkpoint.LoopSnapshot;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.EpochRecord.Phase;
import chainrule.train.history.Faults;
import chainrule.train.sums.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path temporary;

  private CheckpointFolder folder(int keep) {
    var output = new Folder(temporary.toString(), new Configuration());
    return new CheckpointFolder(output, keep, Map.of("a", "b"));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("checkpoints"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc")) // Hadoop's check sums on local disks
          .sorted()
          .toList();
    }
  }

  /** Returns the checkpoint at the end of the last epoch, of ten steps as all. */
  private static Checkpoint checkpoint(Phase phase, double... losses) {
    List<EpochRecord> history = new ArrayList<>();
    for (double loss : losses) {
      int epoch = history.size() + 1;
      Metrics metrics = new Metrics(phase == Phase.FIT ? 5 : 0, Map.of("loss", loss), Map.of());
      history.add(
          new EpochRecord(
              phase, epoch, 10L * epoch, 1, 1, metrics, 1, 1, 1, EpochRecord.Norms.none()));
    }
    var loop =
        new LoopSnapshot(
            phase,
            10L * losses.length,
            new float[] {1, 2},
            new float[2],
            OptimizerState.of(3, List.of()),
            Map.of(),
            history,
            new LoopSnapshot.Epoch(0, 0, 0, 0, 0, 0, List.of()));
    return new Checkpoint(Map.of(), List.of(), loop, Faults.none());
  }

  private static String fit(int step) {
    return String.format("fit-%012d.safetensors", step);
  }

  @Test
  void theLastOnesStayAndTheBest() throws IOException {
    CheckpointFolder folder = folder(2);
    double[] losses = {5, 3, 4, 4, 4};
    for (int epochs = 1; epochs <= 5; epochs++) {
      folder.save(checkpoint(Phase.FIT, Arrays.copyOf(losses, epochs)));
    }
    assertThat(names()).containsExactly(fit(20), fit(40), fit(50));
    folder.save(checkpoint(Phase.REFIT, 1));
    assertThat(names()).containsExactly(fit(50), "refit-000000000010.safetensors");
  }

  @Test
  void theNewestWholeOneIsFoundAndThoseBehindItMakeRoom() throws IOException {
    CheckpointFolder folder = folder(3);
    assertThat(folder.isOfUnfinishedRun()).isFalse();
    assertThat(folder.newest()).isEmpty();
    folder.save(checkpoint(Phase.FIT, 3));
    folder.save(checkpoint(Phase.FIT, 3, 2));
    assertThat(folder.isOfUnfinishedRun()).isTrue();
    Path newest = temporary.resolve("checkpoints").resolve(fit(20));
    Files.write(newest, new byte[100]);
    CheckpointFolder.Found found = folder.newest().orElseThrow();
    assertThat(found.path()).endsWith("/checkpoints/" + fit(10));
    assertThat(found.contents().origin()).containsOnly(Map.entry("a", "b"));
    assertThat(found.contents().checkpoint().loop().parameters()).containsExactly(1, 2);
    folder.save(checkpoint(Phase.FIT, 3)); // as a resumed run would, in time
    assertThat(names()).containsExactly(fit(10));
    folder.complete("hash");
    assertThat(folder.isOfUnfinishedRun()).isFalse();
    folder.clear();
    assertThat(temporary.resolve("checkpoints")).doesNotExist();
  }

  @Test
  @EnabledIf("hasFullDisk")
  void aFullDiskLeavesNoHalfFileAndNamesIt() throws IOException {
    CheckpointFolder folder = folder(2);
    Path checkpoints = Files.createDirectories(temporary.resolve("checkpoints"));
    // What is written under this name goes where there is no space left.
    Files.createSymbolicLink(checkpoints.resolve("." + fit(10) + ".tmp"), FULL);
    assertThatThrownBy(() -> folder.save(checkpoint(Phase.FIT, 1)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Cannot write "
                + checkpoints.resolve(fit(10))
                + ": java.io.IOException: No space left on device");
    assertThat(names()).isEmpty();
  }

  static boolean hasFullDisk() {
    return Files.exists(FULL);
  }
}
