package chainrule.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that a run writes, in any file system that Hadoop knows. Each file is written under
 * another name and then renamed, so that it is complete or not there.
 */
final class OutputFolder {
  private static final Logger LOG = LoggerFactory.getLogger(OutputFolder.class);

  private final Path folder;
  private final FileSystem system;

  /**
   * @param folder need not exist
   */
  OutputFolder(String folder, Configuration configuration) {
    this.folder = new Path(folder);
    try {
      this.system = this.folder.getFileSystem(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Returns a folder inside this one. */
  OutputFolder folder(String name) {
    return new OutputFolder(path(name).toString(), system.getConf());
  }

  /**
   * Makes the folder if it is not there.
   *
   * @param overwrite whether it may have files in it
   * @param leftovers what it may have inside in any case
   * @throws ConfigurationException if it has files and may not, or is no folder
   */
  void prepare(boolean overwrite, Set<String> leftovers) {
    try {
      boolean inUse = false;
      for (FileStatus inside : list()) {
        String name = inside.getPath().getName();
        inUse |= !leftovers.contains(name) && !isUnfinished(name);
      }
      if (inUse && !overwrite) {
        throw new ConfigurationException(
            "Invalid output.dir: "
                + folder
                + " is in use (must be empty or not there; output.overwrite = true replaces it)");
      }
      if (!system.mkdirs(folder)) {
        throw new ConfigurationException("Cannot make the folder output.dir = " + folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  private FileStatus[] list() throws IOException {
    try {
      FileStatus status = system.getFileStatus(folder);
      if (!status.isDirectory()) {
        throw new ConfigurationException(
            "Invalid output.dir: " + folder + " is a file (must be a folder)");
      }
      return system.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Returns the names of the files and folders inside, in order; none if it is not there. */
  List<String> names() {
    try {
      return Arrays.stream(list()).map(inside -> inside.getPath().getName()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The name of what is being written: one that stays is of a process that was killed. */
  private Path unfinished(String name) {
    return new Path(folder, "." + name + ".tmp");
  }

  private static boolean isUnfinished(String name) {
    return name.startsWith(".") && name.endsWith(".tmp");
  }

  /** Removes what processes left that were killed while they wrote. */
  void removeUnfinished() {
    names().stream().filter(OutputFolder::isUnfinished).forEach(this::delete);
  }

  void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[] bytes) {
    write(name, stream -> stream.write(bytes));
  }

  /** Writes to a stream. */
  interface Writer {
    void write(OutputStream stream) throws IOException;
  }

  /** Writes a file, which is complete or not there; an older one of the name is replaced. */
  void write(String name, Writer writer) {
    Path file = new Path(folder, name);
    Path unfinished = unfinished(name);
    try {
      try (FSDataOutputStream stream = system.create(unfinished, true)) {
        writer.write(stream);
      }
      if (system.exists(file) && system.getFileStatus(file).isDirectory()) {
        system.delete(unfinished, false);
        throw new IOException("there is a folder of that name");
      }
      system.delete(file, false);
      if (!system.rename(unfinished, file)) {
        throw new IOException("the file system refused to rename " + unfinished);
      }
    } catch (IOException | FSError e) { // an error by its type, but only of a local disk
      removeQuietly(unfinished);
      throw new UncheckedIOException(
          "Cannot write " + file + ": " + e.getMessage(), new IOException(e));
    }
  }

  private void removeQuietly(Path file) {
    try {
      system.delete(file, false);
    } catch (IOException | FSError e) {
      LOG.warn("Cannot remove {}: {}", file, e.getMessage());
    }
  }

  /** Writes a folder, which is complete or not there; an older one of the name is replaced. */
  void writeFolder(String name, Consumer<Path> writer) {
    Path target = new Path(folder, name);
    Path unfinished = unfinished(name);
    try {
      system.delete(unfinished, true);
      writer.accept(unfinished);
      system.delete(target, true);
      if (!system.rename(unfinished, target)) {
        throw new IOException("the file system refused to rename " + unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether there is a file or folder of the name. */
  boolean has(String name) {
    try {
      return system.exists(new Path(folder, name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Removes this folder and all inside it, if it is there. */
  void remove() {
    try {
      system.delete(folder, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Returns the files and folders there are, by name, each with its bytes, hidden ones not. */
  Map<String, Long> sizes() {
    Map<String, Long> sizes = new TreeMap<>();
    try {
      for (FileStatus status : list()) {
        if (!status.getPath().getName().startsWith(".")) {
          long bytes = system.getContentSummary(status.getPath()).getLength();
          sizes.put(status.getPath().getName(), bytes);
        }
      }
      return sizes;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Opens a file that grows, in a folder of this folder; readers see what was flushed. */
  FSDataOutputStream open(String inner, String name) {
    Path file = new Path(new Path(folder, inner), name);
    // Local files with check sums reach the disk by the block, and nobody could watch.
    FileSystem plain = system instanceof LocalFileSystem local ? local.getRaw() : system;
    try {
      return plain.create(file, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Removes a file, or a folder and all inside it, if it is there. */
  void delete(String name) {
    try {
      system.delete(new Path(folder, name), true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file of the folder.
   *
   * @throws ConfigurationException if it is not there
   */
  byte[] read(String name) {
    return read(new Path(folder, name), system.getConf());
  }

  /**
   * Reads a file.
   *
   * @throws ConfigurationException if it is not there
   */
  static byte[] read(Path file, Configuration configuration) {
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

  /** Makes something of a stream. */
  interface Reader<T> {
    T read(InputStream stream, long length) throws IOException;
  }

  /** Reads a file of the folder. */
  <T> T read(String name, Reader<T> reader) throws IOException {
    Path file = new Path(folder, name);
    long length = system.getFileStatus(file).getLen();
    try (FSDataInputStream stream = system.open(file)) {
      return reader.read(stream, length);
    }
  }

  Path path(String name) {
    return new Path(folder, name);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
