package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Finds the files of a table, in any file system that Hadoop knows. */
final class TableFiles {
  private TableFiles() {}

  /** Returns a file's URI as a user writes it: a plain path if it is local. */
  static String readable(String file) {
    Path path = new Path(URI.create(file));
    return file.startsWith("file:") ? path.toUri().getPath() : path.toString();
  }

  /**
   * Returns the files that paths and globs name; of a folder, all inside it.
   *
   * @param key the configuration key that names the paths, for messages
   * @throws InvalidDataException if a path names no file
   */
  static List<FileStatus> find(SparkSession session, String key, List<String> paths) {
    List<FileStatus> found = new ArrayList<>();
    for (String name : paths) {
      found.addAll(
          list(session, key, name)
              .orElseThrow(
                  () ->
                      new InvalidDataException(
                          key + ": Cannot read " + name + ": there is no such file or folder")));
    }
    if (found.isEmpty()) {
      throw new InvalidDataException(
          key + ": Cannot read " + String.join(", ", paths) + ": the folder has no files");
    }
    return found;
  }

  /** Returns the files that paths and globs name, of those that are there. */
  static List<FileStatus> present(SparkSession session, String key, List<String> paths) {
    List<FileStatus> found = new ArrayList<>();
    paths.forEach(name -> list(session, key, name).ifPresent(found::addAll));
    return found;
  }

  /** Returns the files of a path or glob; nothing if there is none such. */
  private static Optional<List<FileStatus>> list(SparkSession session, String key, String name) {
    Path path = new Path(name);
    try {
      FileSystem system = path.getFileSystem(session.sparkContext().hadoopConfiguration());
      FileStatus[] matches = system.globStatus(path);
      if (matches == null || matches.length == 0) {
        return Optional.empty();
      }
      List<FileStatus> files = new ArrayList<>();
      for (FileStatus match : matches) {
        addFiles(system, match, files);
      }
      return Optional.of(files);
    } catch (IOException e) {
      throw new UncheckedIOException(key + ": Cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  private static void addFiles(FileSystem system, FileStatus status, List<FileStatus> found)
      throws IOException {
    if (status.isFile()) {
      found.add(status);
      return;
    }
    var inside = system.listFiles(status.getPath(), true);
    List<FileStatus> sorted = new ArrayList<>();
    while (inside.hasNext()) {
      FileStatus file = inside.next();
      String name = file.getPath().getName();
      boolean hidden = name.startsWith("_") || name.startsWith(".");
      if (!hidden) {
        sorted.add(file);
      }
    }
    sorted.sort(Comparator.comparing(file -> file.getPath().toUri().toString()));
    found.addAll(sorted);
  }
}
