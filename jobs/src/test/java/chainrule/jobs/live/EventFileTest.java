package chainrule.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.jobs.output.OutputFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  @TempDir private Path temporary;

  private Path file() {
    return temporary.resolve("curves").resolve("events");
  }

  private EventFile open() {
    var folder = new OutputFolder(temporary.toString(), new Configuration());
    return new EventFile(folder.open("curves", "events"));
  }

  @Test
  void keepsStepsNamesAndValues() throws IOException {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss", 0.1);
    scalars.put("größe/zwei", -1e30);
    try (EventFile events = open()) {
      events.add(0, scalars);
      events.add(1L << 40, Map.of("loss", Double.NaN));
      events.add(7, Map.of());
    }
    assertThat(EventReader.points(Files.readAllBytes(file())))
        .containsExactly(
            new EventReader.Point(0, "loss", 0.1f),
            new EventReader.Point(0, "größe/zwei", -1e30f),
            new EventReader.Point(1L << 40, "loss", Float.NaN));
  }

  @Test
  void whatWasAddedCanBeReadWhileTheFileIsOpen() throws IOException {
    try (EventFile events = open()) {
      for (int step = 1; step <= 3; step++) {
        events.add(step, Map.of("loss", 1.0 / step));
        assertThat(EventReader.points(Files.readAllBytes(file()))).hasSize(step);
      }
    }
    assertThat(file().resolveSibling(".events.crc")).doesNotExist();
  }

  @Test
  void theReaderNoticesAChangedByte() throws IOException {
    try (EventFile events = open()) {
      events.add(3, Map.of("loss", 1.0));
    }
    byte[] bytes = Files.readAllBytes(file());
    for (int at : List.of(0, 9, 13, bytes.length - 6, bytes.length - 1)) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> EventReader.points(changed)).isInstanceOfAny(Throwable.class);
    }
  }
}
