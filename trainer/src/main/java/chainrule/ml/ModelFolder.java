package chainrule.ml;

import chainrule.data.Sha256;
import chainrule.model.ModelFile;
import chainrule.train.TrainedModel;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.SparkSession;

/**
 * The folder of a saved model. It holds {@code metadata}, the params as Spark ML writes them; one
 * file with the model; and {@code checksums.json}, with the version of the format and the SHA-256
 * of the other two. So every changed byte is detected.
 *
 * <p>Errors: {@link IllegalArgumentException} if the folder is damaged, incomplete or of a newer
 * version; {@link UncheckedIOException} if it cannot be read or written.
 */
final class ModelFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;
  private static final String CHECKSUMS = "checksums.json";
  private static final String METADATA = "metadata";
  private static final String MODEL = "network.safetensors";

  private final Path folder;
  private final SparkSession session;
  private final String name;

  /**
   * @param name of the model's file
   */
  ModelFolder(String folder, SparkSession session, String name) {
    this.folder = new Path(folder);
    this.session = session;
    this.name = name;
  }

  /** Writes params and a file of bytes. */
  void write(Params params, byte[] bytes) {
    ModelMetadata.save(params, folder.toString(), session);
    try {
      writeFile(name, bytes);
      ObjectNode json = JSON.createObjectNode().put("version", VERSION);
      json.putObject("sha256")
          .put(METADATA, metadataSum())
          .put(name, hex(Sha256.digest().digest(bytes)));
      writeFile(CHECKSUMS, json.toPrettyString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the model " + folder + ": " + e, e);
    }
  }

  /** Checks the folder and returns the file's bytes. */
  byte[] read() {
    try {
      JsonNode json = JSON.readTree(readFile(CHECKSUMS));
      int version = json.path("version").asInt();
      if (version != VERSION) {
        throw damaged(CHECKSUMS, "version " + version, "version " + VERSION + " of the format");
      }
      JsonNode sums = json.path("sha256");
      check(METADATA, metadataSum(), sums);
      byte[] bytes = readFile(name);
      check(name, hex(Sha256.digest().digest(bytes)), sums);
      return bytes;
    } catch (JsonProcessingException e) {
      throw damaged(CHECKSUMS, e.getOriginalMessage(), "JSON");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the model " + folder + ": " + e, e);
    }
  }

  private void check(String file, String sum, JsonNode sums) {
    if (!sum.equals(sums.path(file).asText())) {
      throw damaged(file, "SHA-256 " + sum, sums.path(file) + ", as " + CHECKSUMS + " has it");
    }
  }

  private IllegalArgumentException damaged(String file, String found, String expected) {
    return new IllegalArgumentException(
        "Cannot read the model "
            + folder
            + ": "
            + file
            + ": "
            + found
            + " (must be "
            + expected
            + "; the file is damaged, or of another version)");
  }

  /** Returns the SHA-256 of the metadata files that Spark reads, in order. */
  private String metadataSum() throws IOException {
    MessageDigest digest = Sha256.digest();
    FileStatus[] files = fileSystem().listStatus(new Path(folder, METADATA));
    Arrays.sort(files, Comparator.comparing(file -> file.getPath().getName()));
    for (FileStatus file : files) {
      String part = file.getPath().getName();
      if (!part.startsWith("_") && !part.startsWith(".")) {
        digest.update((part + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(readFile(METADATA + "/" + part));
      }
    }
    return hex(digest.digest());
  }

  private void writeFile(String file, byte[] bytes) throws IOException {
    try (var stream = fileSystem().create(new Path(folder, file), false)) {
      stream.write(bytes);
    }
  }

  private byte[] readFile(String file) throws IOException {
    Path path = new Path(folder, file);
    long length = fileSystem().getFileStatus(path).getLen();
    if (length > Integer.MAX_VALUE - 8) {
      throw damaged(file, length + " bytes", "below 2 GiB");
    }
    try (FSDataInputStream stream = fileSystem().open(path)) {
      byte[] bytes = new byte[(int) length];
      stream.readFully(bytes);
      return bytes;
    }
  }

  private FileSystem fileSystem() throws IOException {
    Configuration configuration = session.sessionState().newHadoopConf();
    return folder.getFileSystem(configuration);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** A model that can be saved. */
  interface Saved extends Params {
    TrainedModel trained();
  }

  /** Writes a model. */
  static final class Writer extends MLWriter {
    private final Saved model;

    Writer(Saved model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      new ModelFolder(path, sparkSession(), MODEL).write(model, ModelFile.toBytes(model.trained()));
    }
  }

  /** Makes a model from the bytes of its file. */
  interface Maker<M> {
    M make(String uid, byte[] bytes);
  }

  /** Reads a model with its params. */
  static <M extends Params> M load(
      String path, SparkSession session, String file, Class<M> type, Maker<M> maker) {
    byte[] bytes = new ModelFolder(path, session, file).read();
    var metadata = ModelMetadata.load(path, session, type.getName());
    M model = maker.make(metadata.uid(), bytes);
    metadata.getAndSetParams(model, scala.Option.empty());
    return model;
  }

  /** Reads the model of a network. */
  static final class Reader<M extends Params> extends MLReader<M> {
    private final Class<M> type;
    private final BiFunction<String, TrainedModel, M> maker;

    Reader(Class<M> type, BiFunction<String, TrainedModel, M> maker) {
      this.type = type;
      this.maker = maker;
    }

    @Override
    public M load(String path) {
      return ModelFolder.load(
          path, sparkSession(), MODEL, type, (uid, bytes) -> maker.apply(uid, ModelFile.of(bytes)));
    }
  }
}
