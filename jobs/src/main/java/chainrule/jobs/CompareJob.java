package chainrule.jobs;

import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.output.Console;
import chainrule.jobs.output.RunReader;
import chainrule.jobs.report.ComparisonPage;
import chainrule.jobs.report.RunFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code compare}: writes one page about several runs. Needs no Spark session. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Writes one page that compares several runs: metrics, validation curves, settings that",
      "differ, and times."
    },
    footer = {"", "Example: scripts/chainrule compare out/first out/second --output both.html"})
public final class CompareJob extends Job {
  @Parameters(
      arity = "1..*",
      paramLabel = "OUT",
      description = "the output folders (output.dir) of two or more runs")
  private List<String> folders = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "compare.html",
      description = "the file to write; an existing file is replaced (default: ${DEFAULT-VALUE})")
  private String output;

  public static void main(String[] args) {
    main(new CompareJob(), args);
  }

  @Override
  public Integer call() {
    Set<String> distinct = new LinkedHashSet<>();
    folders.forEach(folder -> distinct.add(new Path(folder).toString()));
    if (distinct.size() < 2) {
      throw new ConfigurationException(
          "Invalid OUT: "
              + String.join(" ", folders)
              + " (must be the folders of two or more runs)");
    }
    var hadoop = new Configuration();
    List<RunFiles> runs = new ArrayList<>();
    List<String> names = names(new ArrayList<>(distinct));
    int index = 0;
    for (String folder : distinct) {
      runs.add(RunReader.read(names.get(index++), new Path(folder), hadoop));
    }
    write(new Path(output), ComparisonPage.html(runs), hadoop);
    Console.print("Written to %s", output);
    return 0;
  }

  /** Returns the last part of each path, or the whole paths if two last parts are equal. */
  private static List<String> names(List<String> paths) {
    List<String> last = paths.stream().map(path -> new Path(path).getName()).toList();
    boolean distinct = last.stream().distinct().count() == last.size();
    return distinct && !last.contains("") ? last : paths;
  }

  private static void write(Path file, String page, Configuration hadoop) {
    try (FileSystem system = FileSystem.newInstance(file.toUri(), hadoop)) {
      if (system.exists(file) && system.getFileStatus(file).isDirectory()) {
        throw new ConfigurationException(
            "Invalid --output: " + file + " is a folder (must be a file, such as compare.html)");
      }
      // No checksum file beside a page that people copy.
      system.setWriteChecksum(false);
      Path unfinished = file.suffix(".tmp");
      try (OutputStream stream = system.create(unfinished, true)) {
        stream.write(page.getBytes(StandardCharsets.UTF_8));
      }
      system.delete(file, false);
      if (!system.rename(unfinished, file)) {
        throw new IOException("the file system refused to rename " + unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
