package chainrule.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code scripts/bench} starts: runs sections one by one, each in a JVM of its own. */
@Command(
    name = "scripts/bench",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Measures how fast Chainrule is and prints a table: medians, and with --peers those of the"
          + " ratios to PyTorch and Spark MLlib, which run in turn with it. Nothing else should run"
          + " meanwhile.",
      ""
    },
    footer = {
      "",
      "Sections (all but for those that lack what they need, unless some are given):",
      "  kernels   the matrix products by themselves, on one thread",
      "  core      training on one thread without Spark, and its share of sgemm's speed",
      "  training  training through Spark on two threads; peers: PyTorch, MLlib",
      "  exchange  what a step takes beyond computing, by engine and number of parameters",
      "  scaling   from one executor process to two, with more data and with the same",
      "  loading   from CSV and Parquet to packed rows; peer: MLlib's assembler and cache",
      "  memory    training data of three times the heap against data that fit",
      "  accuracy  time to 86 %% on the images of --data; peers: PyTorch, MLlib",
      "  scoring   a model's transform of vectors, and one vector; peer: MLlib's of the same layers",
      "  model     steps on 8 to 1024 executors as a model has them, checked against what runs here",
      "",
      "PyTorch is that of the Python in $PYTHON, or else of python3.",
      "",
      "Examples: scripts/bench core exchange --quick",
      "          PYTHON=venv/bin/python scripts/bench --peers --json figures.jsonl"
    })
public final class Bench implements Callable<Integer> {
  @Parameters(paramLabel = "SECTION", arity = "0..*", description = "what to measure")
  private List<String> names = new ArrayList<>();

  @Option(names = "--peers", description = "PyTorch and MLlib beside it, in turn, in the same run")
  private boolean peers;

  @Option(
      names = "--quick",
      description = "a try of everything in little time: the figures say nothing")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "also write the results there, a line of JSON each, the machine first")
  private String json = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "images for the accuracy: train.csv, test.csv (or .gz) and schema.json")
  private String data = "";

  @Spec private CommandSpec spec;

  private Bench() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> sections = sections();
    Path scratch = Files.createTempDirectory("chainrule-bench");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch)));
    Path results = json.isEmpty() ? scratch.resolve("results.jsonl") : Path.of(json);
    Machine machine = Machine.now();
    Files.writeString(results, machine.json() + "\n");
    System.out.println(machine.text());
    var options =
        new Options(
            quick,
            peers,
            python(),
            System.getProperty("bench.peers"),
            data.isEmpty() ? "" : Path.of(data).toAbsolutePath().toString(),
            scratch.toString());
    System.out.printf("%n%s%n", Result.header());
    boolean failed = false;
    for (String name : sections) {
      failed |= !run(name, options, results);
    }
    return failed ? 1 : 0;
  }

  private List<String> sections() {
    Set<String> known = Section.all().keySet();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(), "Invalid section: " + name + " (must be of " + known + ")");
      }
    }
    List<String> all = new ArrayList<>(names.isEmpty() ? known : names);
    if (data.isEmpty() && all.remove("accuracy")) {
      System.out.println("No accuracy: it needs --data");
    }
    return all;
  }

  /** Returns the Python that has PyTorch, or the empty text. */
  private String python() throws IOException, InterruptedException {
    if (!peers) {
      return "";
    }
    String python = Optional.ofNullable(System.getenv("PYTHON")).orElse("python3");
    var check = new ProcessBuilder(python, "-c", "import torch").redirectErrorStream(true);
    check.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    boolean found;
    try {
      found = check.start().waitFor() == 0;
    } catch (IOException e) {
      found = false; // there is no such Python
    }
    if (!found) {
      System.out.println("No PyTorch: " + python + " has none (PYTHON names one that has)");
    }
    return found ? python : "";
  }

  /** Runs a section in a JVM of its own and says whether it came to its end. */
  private static boolean run(String name, Options options, Path results)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(name, new ObjectMapper().writeValueAsString(options), results.toString());
    List<String> command =
        Child.java(
            List.of("-XX:MaxRAMPercentage=50", "-Dbench.peers=" + options.peerScripts()),
            One.class,
            arguments);
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        System.out.println(name + " failed: its exit code is " + exitCode);
      }
      return exitCode == 0;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** The process of one section. */
  static final class One {
    private One() {}

    /**
     * Runs one section.
     *
     * @param args section, options, the file to which results are added
     */
    public static void main(String[] args) throws IOException, InterruptedException {
      Path results = Path.of(args[2]);
      Options options = new ObjectMapper().readValue(args[1], Options.class);
      Objects.requireNonNull(Section.all().get(args[0]), args[0])
          .run(
              options,
              result -> {
                System.out.println(result.row());
                append(results, result.json() + "\n");
              });
      System.exit(0); // whatever threads are left
    }

    private static void append(Path file, String text) {
      try {
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + file, e);
      }
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("Cannot delete " + folder + ": " + e.getMessage());
    }
  }
}
