package chainrule.spark;

import chainrule.data.InvalidDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Finds the files of a table, in any file system that Hadoop knows. */
final class TableFiles {
  private TableFiles() {}

  /**
   * Returns the URIs of the files that paths and globs name; of a folder, all inside it.
   *
   * @param key the configuration key that names the paths, for messages
   * @throws InvalidDataException if a path names no file
   */
  static List<String> find(SparkSession session, String key, List<String> paths) {
    List<String> found = new ArrayList<>();
    for (String name : paths) {
      Path path = new Path(name);
      try {
        FileSystem system = path.getFileSystem(session.sparkContext().hadoopConfiguration());
        FileStatus[] matches = system.globStatus(path);
        if (matches == null || matches.length == 0) {
          throw new InvalidDataException(
              key + ": Cannot read " + name + ": there is no such file or folder");
        }
        for (FileStatus match : matches) {
          addFiles(system, match, found);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(key + ": Cannot read " + name + ": " + e.getMessage(), e);
      }
    }
    if (found.isEmpty()) {
      throw new InvalidDataException(
          key + ": Cannot read " + String.join(", ", paths) + ": the folder has no files");
    }
    return found;
  }

  private static void addFiles(FileSystem system, FileStatus status, List<String> found)
      throws IOException {
    if (status.isFile()) {
      found.add(status.getPath().toUri().toString());
      return;
    }
    var inside = system.listFiles(status.getPath(), true);
    List<String> sorted = new ArrayList<>();
    while (inside.hasNext()) {
      Path file = inside.next().getPath();
      boolean hidden = file.getName().startsWith("_") || file.getName().startsWith(".");
      if (!hidden) {
        sorted.add(file.toUri().toString());
      }
    }
    sorted.sort(null);
    found.addAll(sorted);
  }
}
