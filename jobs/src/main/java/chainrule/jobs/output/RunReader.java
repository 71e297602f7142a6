package chainrule.jobs.output;

import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.report.RunFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads the files of a run. */
public final class RunReader {
  /**
   * A history of a hundred thousand epochs has about this size. A larger file is something else.
   */
  public static final long MOST_BYTES = 64L << 20;

  private RunReader() {}

  /**
   * Reads a run's folder.
   *
   * @param name of the run on pages
   * @throws ConfigurationException with the name of the file, if a file is missing or cannot be
   *     read
   */
  public static RunFiles read(String name, Path folder, Configuration hadoop) {
    String metrics = text(new Path(folder, RunFiles.METRICS), hadoop);
    String history = text(new Path(folder, RunFiles.HISTORY), hadoop);
    String configuration = text(new Path(folder, RunFiles.CONFIGURATION), hadoop);
    Path tuning = new Path(folder, RunFiles.TUNING);
    try {
      RunFiles run = RunFiles.of(name, metrics, history, configuration);
      return tuning.getFileSystem(hadoop).exists(tuning)
          ? run.withTuning(text(tuning, hadoop))
          : run;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + tuning + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(folder + ": " + e.getMessage());
    }
  }

  private static String text(Path file, Configuration hadoop) {
    try {
      FileSystem system = file.getFileSystem(hadoop);
      long bytes = system.getFileStatus(file).getLen();
      if (bytes > MOST_BYTES) {
        throw new ConfigurationException(
            String.format(
                "Cannot read %s: %d bytes (must be at most %d: is it the file of a run?)",
                file, bytes, MOST_BYTES));
      }
      return new String(OutputFolder.read(file, hadoop), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw new ConfigurationException(
          "Cannot read " + file + ": there is no such file (must be in the folder of a run)");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
