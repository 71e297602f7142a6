package chainrule.spark;

import chainrule.spark.read.ColumnChoice;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.spark.read.TableSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;

/** Writes small CSV files for a test and opens them. */
public final class CsvFolder {
  private final Path folder;

  public CsvFolder(Path folder) {
    this.folder = folder;
  }

  public Path path(String name) {
    return folder.resolve(name);
  }

  /** Writes lines, gzipped if the name says so, and returns the file's path. */
  public String write(String name, String... lines) {
    return writeText(name, String.join("\n", lines) + "\n");
  }

  public String writeText(String name, String text) {
    return writeBytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public String writeBytes(String name, byte[] bytes) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream plain = Files.newOutputStream(file);
          OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toString();
  }

  public static TableSource source(String... paths) {
    return new TableSource(List.of(paths), "auto", TableSource.Csv.defaults());
  }

  public static TableReader read(String... paths) {
    return new TableReader(Sparks.local2(), "data.train", source(paths));
  }

  public static TableReader read(TableSource source) {
    return new TableReader(Sparks.local2(), "data.train", source);
  }

  public static ShardedTable table(TableReader reader, ColumnChoice choice, RowPolicy policy) {
    SparkSession session = Sparks.local2();
    return ShardedTable.of(
        session, reader, reader.schema(choice), policy, 2, EngineKind.AUTO, "java");
  }

  public static ShardedTable table(TableReader reader, String label) {
    return table(reader, ColumnChoice.of(label), RowPolicy.defaults());
  }
}
