package chainrule.jobs.output;

import chainrule.jobs.config.ConfigurationException;
import chainrule.spark.store.Folder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** The output folder of a run, {@code output.dir}. */
public final class OutputFolder extends Folder {
  /**
   * @param folder may be missing
   */
  public OutputFolder(String folder, Configuration configuration) {
    super(folder, configuration);
  }

  @Override
  public OutputFolder folder(String name) {
    return new OutputFolder(path(name).toString(), system().getConf());
  }

  /**
   * Creates the folder if it does not exist.
   *
   * @param overwrite whether the folder may contain files
   * @param leftovers files that the folder may contain in any case
   * @throws ConfigurationException if the folder contains other files, or is not a folder
   */
  public void prepare(boolean overwrite, Set<String> leftovers) {
    try {
      boolean inUse = false;
      for (FileStatus inside : list()) {
        String name = inside.getPath().getName();
        inUse |= !leftovers.contains(name) && !isUnfinished(name);
      }
      if (inUse && !overwrite) {
        throw new ConfigurationException(
            "Invalid output.dir: "
                + this
                + " is in use (must be empty or must not exist; output.overwrite = true replaces"
                + " it)");
      }
      if (!system().mkdirs(path())) {
        throw new ConfigurationException("Cannot create the folder output.dir = " + this);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create the folder " + this + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the content; nothing if the folder does not exist.
   *
   * @throws ConfigurationException if the path is not a folder
   */
  @Override
  protected FileStatus[] list() throws IOException {
    try {
      return super.list();
    } catch (NotDirectoryException e) {
      throw new ConfigurationException("Invalid output.dir: " + e.getMessage());
    }
  }

  /**
   * Writes a folder. Readers see it complete or not at all. An older one of the same name is
   * replaced.
   */
  public void writeFolder(String name, Consumer<Path> writer) {
    Path target = path(name);
    Path unfinished = unfinished(name);
    try {
      system().delete(unfinished, true);
      writer.accept(unfinished);
      system().delete(target, true);
      if (!system().rename(unfinished, target)) {
        throw new IOException("the file system refused to rename " + unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  /** Returns the size in bytes of each file and folder, by name, without hidden ones. */
  public Map<String, Long> sizes() {
    Map<String, Long> sizes = new TreeMap<>();
    try {
      for (FileStatus status : list()) {
        if (!status.getPath().getName().startsWith(".")) {
          long bytes = system().getContentSummary(status.getPath()).getLength();
          sizes.put(status.getPath().getName(), bytes);
        }
      }
      return sizes;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + this + ": " + e.getMessage(), e);
    }
  }

  /** Opens a file for appending, in a subfolder; readers see what was flushed. */
  public FSDataOutputStream open(String inner, String name) {
    Path file = new Path(path(inner), name);
    // Local files with checksums reach the disk in blocks, so readers would not see new lines at
    // once.
    FileSystem plain = system() instanceof LocalFileSystem local ? local.getRaw() : system();
    try {
      return plain.create(file, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file of the folder.
   *
   * @throws ConfigurationException if the file does not exist
   */
  public byte[] read(String name) {
    return read(path(name), system().getConf());
  }

  /**
   * Reads a file.
   *
   * @throws ConfigurationException if the file does not exist
   */
  public static byte[] read(Path file, Configuration configuration) {
    try {
      FileSystem system = file.getFileSystem(configuration);
      byte[] bytes = new byte[Math.toIntExact(system.getFileStatus(file).getLen())];
      try (FSDataInputStream stream = system.open(file)) {
        stream.readFully(bytes);
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw new ConfigurationException("Cannot read " + file + ": there is no such file");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
