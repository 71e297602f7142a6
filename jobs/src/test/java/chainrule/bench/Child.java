package chainrule.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process that prints a line of JSON: a peer, or one of our own with a heap of its own. */
final class Child {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Child() {}

  /** Returns the command of a JVM like this one. */
  static List<String> java(List<String> options, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + System.getProperty("bench.javaOptions"));
    command.add("-Dbench.javaOptions=" + System.getProperty("bench.javaOptions"));
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    command.add("-Dchainrule.log=" + System.getProperty("chainrule.log", "warn"));
    command.add("-Djava.util.logging.config.file=/dev/null"); // netlib tells what it tries
    command.add("-XX:+UseParallelGC");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** Returns the command of one of PyTorch's scripts. */
  static List<String> python(Options options, String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(options.python());
    command.add(Path.of(options.peerScripts(), script).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Runs a command to its end and returns the JSON it printed, line by line.
   *
   * @throws IOException if it fails
   */
  static List<JsonNode> run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    // Waiting threads that sleep: on a machine of few cores those that spin stop the others.
    builder.environment().put("OMP_WAIT_POLICY", "passive");
    Process process = builder.start();
    List<JsonNode> lines = new ArrayList<>();
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (Optional<String> line = Optional.ofNullable(reader.readLine());
          line.isPresent();
          line = Optional.ofNullable(reader.readLine())) {
        if (line.get().startsWith("{")) {
          lines.add(JSON.readTree(line.get()));
        }
      }
      int exitCode = process.waitFor();
      if (exitCode != 0 || lines.isEmpty()) {
        throw new IOException(
            "Cannot run " + String.join(" ", command) + ": exit code " + exitCode);
      }
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }
}
