package chainrule.spark.read;

import chainrule.data.InvalidDataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Checks that a table's files do not change after the table was opened: a part that is lost with
 * its executor may be read again hours later, and must then have the same rows. A file counts as
 * unchanged if its size and modification time are the same. A task checks a file before and after
 * reading it; the driver checks all files before Spark lists them.
 *
 * <p>Immutable; threads may share it.
 */
final class FileWatch implements Serializable {
  private static final long serialVersionUID = 1;

  /** By URI and not by text: Hadoop writes the same URI as file:/ or as file:///. */
  private final TreeMap<URI, State> states;

  private final SerializableConfiguration configuration;

  /** The size and modification time of a file. */
  private record State(long bytes, long modified) implements Serializable {
    static State of(FileStatus status) {
      return new State(status.getLen(), status.getModificationTime());
    }

    /** Returns whether a file is the same; some file systems report 0 as every time. */
    boolean isSame(State other) {
      boolean sameTime = modified == other.modified || modified == 0 || other.modified == 0;
      return bytes == other.bytes && sameTime;
    }

    @Override
    public String toString() {
      return bytes + " bytes of " + Instant.ofEpochMilli(modified);
    }
  }

  /**
   * @param files as they are and must stay
   */
  FileWatch(SparkSession session, Collection<FileStatus> files) {
    this.configuration =
        new SerializableConfiguration(session.sparkContext().hadoopConfiguration());
    this.states = new TreeMap<>(states(files));
  }

  private static Map<URI, State> states(Collection<FileStatus> files) {
    Map<URI, State> states = new TreeMap<>();
    files.forEach(file -> states.put(file.getPath().toUri(), State.of(file)));
    return states;
  }

  /**
   * Compares all files.
   *
   * @param files as they are now
   * @throws InvalidDataException if a file was changed, removed or added
   */
  void requireSame(Collection<FileStatus> files) {
    Map<URI, State> now = states(files);
    states.forEach((file, then) -> requireSame(file, then, Optional.ofNullable(now.get(file))));
    for (URI file : now.keySet()) {
      if (!states.containsKey(file)) {
        throw new InvalidDataException(
            String.format(
                "%s: Invalid file: it came after the table was opened (files must stay as they are"
                    + " until training ends; start again to train on it too)",
                TableFiles.readable(file.toString())));
      }
    }
  }

  private static void requireSame(URI file, State then, Optional<State> now) {
    if (now.isEmpty() || !now.get().isSame(then)) {
      throw new InvalidDataException(
          String.format(
              "%s: Invalid file: %s, but %s when the table was opened (must stay as it is until"
                  + " training ends; restore it and start again to resume, or start anew with the"
                  + " files as they are)",
              TableFiles.readable(file.toString()),
              now.map(State::toString).orElse("it is gone"),
              then));
    }
  }

  /**
   * Returns the same rows.
   *
   * @param rows of a task that knows the file it is in
   * @throws InvalidDataException while they are taken, if their file has changed or is gone
   */
  <T> Iterator<T> over(Iterator<T> rows) {
    return new Iterator<>() {
      private UTF8String file = UTF8String.EMPTY_UTF8;

      @Override
      @SuppressWarnings("ReferenceEquality") // another object for each part of a file
      public boolean hasNext() {
        boolean more;
        try {
          more = rows.hasNext();
        } catch (Exception e) { // Scala throws checked exceptions that Java cannot name here
          requireSame(file);
          requireSame(CsvLines.currentFile());
          throw e; // for another reason
        }
        UTF8String now = CsvLines.currentFile();
        if (now != file || !more) {
          requireSame(file);
          requireSame(now);
          file = now;
        }
        return more;
      }

      @Override
      public T next() {
        return rows.next();
      }
    };
  }

  /** Checks one file. */
  private void requireSame(UTF8String file) {
    URI uri = URI.create(file.toString());
    State then = states.get(uri);
    if (then != null) {
      requireSame(uri, then, look(uri));
    }
  }

  private Optional<State> look(URI file) {
    Path path = new Path(file);
    try {
      return Optional.of(State.of(path.getFileSystem(configuration.value()).getFileStatus(path)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot look at " + TableFiles.readable(file.toString()) + ": " + e.getMessage(), e);
    }
  }
}
