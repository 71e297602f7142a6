package chainrule.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.jobs.output.OutputFolder;
import chainrule.train.history.EpochRecord;
import chainrule.train.sums.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardListenerTest {
  @TempDir private Path temporary;

  private static EpochRecord epoch(int epoch) {
    return new EpochRecord(
        EpochRecord.Phase.FIT,
        epoch,
        10L * epoch,
        0.25,
        1.0 / epoch,
        Metrics.none(),
        1,
        2,
        300,
        new EpochRecord.Norms(List.of(0.5, 0.25), List.of(2.0, 4.0)));
  }

  private TensorBoardListener listener(boolean writes, EpochRecord... before) {
    var output = new OutputFolder(temporary.toString(), new Configuration());
    return new TensorBoardListener(output, writes, List.of(before));
  }

  private List<Path> files(String run) throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("tensorboard").resolve(run))) {
      return files.toList();
    }
  }

  @Test
  void aRunHasItsCurvesAndNoneOfAnEarlierOne() throws IOException {
    for (int run = 0; run < 2; run++) {
      try (TensorBoardListener listener = listener(true)) {
        listener.epochFinished(epoch(1));
        listener.epochFinished(epoch(2));
      }
    }
    assertThat(files("train")).hasSize(1);
    assertThat(EventReader.points(Files.readAllBytes(files("train").get(0))))
        .startsWith(
            new EventReader.Point(10, "loss", 1),
            new EventReader.Point(10, "learning rate", 0.25f),
            new EventReader.Point(10, "rows per second", 300),
            new EventReader.Point(10, "seconds/compute", 1),
            new EventReader.Point(10, "seconds/exchange", 2),
            new EventReader.Point(10, "gradient norm/layer 1", 0.5f),
            new EventReader.Point(10, "gradient norm/layer 2", 0.25f),
            new EventReader.Point(10, "parameter norm/layer 1", 2),
            new EventReader.Point(10, "parameter norm/layer 2", 4),
            new EventReader.Point(20, "loss", 0.5f))
        .hasSize(18);
    assertThat(temporary.resolve("tensorboard").resolve("validation")).doesNotExist();
  }

  @Test
  void aResumedRunHasThePointsFromBeforeIt() throws IOException {
    try (TensorBoardListener listener = listener(true, epoch(1))) {
      listener.epochFinished(epoch(2));
    }
    assertThat(EventReader.points(Files.readAllBytes(files("train").get(0))))
        .extracting(EventReader.Point::step)
        .hasSize(18)
        .startsWith(10L)
        .endsWith(20L);
  }

  @Test
  void aRunThatWantsNoneRemovesTheOnesOfAnEarlierRun() {
    try (TensorBoardListener listener = listener(true)) {
      listener.epochFinished(epoch(1));
    }
    assertThat(temporary.resolve("tensorboard")).exists();
    try (TensorBoardListener listener = listener(false)) {
      listener.epochFinished(epoch(1));
    }
    assertThat(temporary.resolve("tensorboard")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenEndsNoTraining() throws IOException {
    try (TensorBoardListener listener = listener(true)) {
      Files.writeString(temporary.resolve("tensorboard"), "a file where the folder should be");
      listener.epochFinished(epoch(1));
      listener.epochFinished(epoch(2));
    }
    assertThat(temporary.resolve("tensorboard")).isRegularFile();
  }
}
