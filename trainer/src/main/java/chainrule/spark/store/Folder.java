package chainrule.spark.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in any file system that Hadoop supports. Each file is written under a temporary name and
 * then renamed, so that it is either complete or absent.
 *
 * <p>Threads may share it if they write files of different names.
 *
 * <p>Errors: {@link UncheckedIOException}, with a message that names the file.
 */
public class Folder {
  private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

  private final Path folder;
  private final FileSystem system;

  /**
   * @param folder its path; it need not exist
   */
  public Folder(String folder, Configuration configuration) {
    this.folder = new Path(folder);
    try {
      this.system = this.folder.getFileSystem(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Returns a folder inside this one. */
  public Folder folder(String name) {
    return new Folder(path(name).toString(), system.getConf());
  }

  /** Returns the folder's file system. */
  protected final FileSystem system() {
    return system;
  }

  /** Returns the files and folders inside; none if the folder does not exist. */
  protected FileStatus[] list() throws IOException {
    try {
      FileStatus status = system.getFileStatus(folder);
      if (!status.isDirectory()) {
        throw new NotDirectoryException(folder + " is a file (must be a folder)");
      }
      return system.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Returns the names of the files and folders inside, sorted; none if it does not exist. */
  public final List<String> names() {
    try {
      return Arrays.stream(list()).map(inside -> inside.getPath().getName()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the temporary path of a file that is being written; a killed process leaves it behind.
   */
  protected final Path unfinished(String name) {
    return new Path(folder, "." + name + ".tmp");
  }

  /** Returns whether a name is a temporary one, as of {@link #unfinished}. */
  protected static boolean isUnfinished(String name) {
    return name.startsWith(".") && name.endsWith(".tmp");
  }

  /** Removes the temporary files of killed processes. */
  public final void removeUnfinished() {
    names().stream().filter(Folder::isUnfinished).forEach(this::delete);
  }

  /** Writes a file as UTF-8. */
  public final void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file. */
  public final void write(String name, byte[] bytes) {
    write(name, stream -> stream.write(bytes));
  }

  /** Writes the contents of a file to a stream. */
  public interface Writer {
    void write(OutputStream stream) throws IOException;
  }

  /** Writes a file, which is complete or absent afterwards; replaces an older file of that name. */
  public final void write(String name, Writer writer) {
    Path file = path(name);
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
    } catch (IOException | FSError e) { // FSError is an Error, but only reports a local disk
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

  /** Returns whether a file or folder of that name exists. */
  public final boolean has(String name) {
    try {
      return system.exists(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Removes this folder and its contents, if it exists. */
  public final void remove() {
    try {
      system.delete(folder, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Removes a file, or a folder and its contents, if it exists. */
  public final void delete(String name) {
    try {
      system.delete(path(name), true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the contents of a file from a stream.
   *
   * @param <T> the result
   */
  public interface Reader<T> {
    public T read(InputStream stream, long length) throws IOException;
  }

  /** Reads a file of the folder. */
  public final <T> T read(String name, Reader<T> reader) throws IOException {
    Path file = path(name);
    long length = system.getFileStatus(file).getLen();
    try (FSDataInputStream stream = system.open(file)) {
      return reader.read(stream, length);
    }
  }

  /** Returns the folder's path. */
  public final Path path() {
    return folder;
  }

  /** Returns the path of a file or folder inside. */
  public final Path path(String name) {
    return new Path(folder, name);
  }

  @Override
  public final String toString() {
    return folder.toString();
  }
}
