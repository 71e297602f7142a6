package chainrule.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a run, and the configurations and data that the project ships. */
public final class RunFolder {
  /** Few and fast settings: accuracy is not what these tests are about. */
  private static final List<String> FAST =
      List.of("training.epochs=3", "network.hidden=[8]", "training.optimizer.learning-rate=0.02");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  public RunFolder(Path folder) {
    this.folder = folder;
  }

  /** Returns a file that the project ships. */
  public static String shipped(String name) {
    return Path.of("..", "conf", name).toAbsolutePath().normalize().toString();
  }

  /** Returns the arguments for a shipped configuration, fast settings and this folder. */
  public List<String> arguments(String configuration, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add(shipped(configuration));
    arguments.addAll(FAST);
    arguments.add("output.dir=" + folder);
    arguments.addAll(List.of(more));
    return arguments;
  }

  public Path path(String name) {
    return folder.resolve(name);
  }

  public List<String> names() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc")) // Hadoop's check sums on local disks
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JsonNode json(String name) {
    try {
      return JSON.readTree(folder.resolve(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<JsonNode> jsonLines(String name) {
    List<JsonNode> nodes = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(folder.resolve(name))) {
        nodes.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return nodes;
  }

  static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
