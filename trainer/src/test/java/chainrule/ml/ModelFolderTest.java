package chainrule.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.math.RandomStream;
import chainrule.spark.Sparks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ModelFolderTest {
  private static final int MUTATIONS = 3000;
  private static final Vector ROW = Vectors.dense(1, 2, 0);

  @TempDir private static Path folder;

  private static ChainruleClassificationModel saved(Path path) throws IOException {
    ChainruleClassificationModel model =
        new ChainruleClassifier()
            .setHiddenLayers(new int[] {3})
            .setMaxIter(1)
            .setBlas("java")
            .fit(Tables.of(Tables.classes(50)));
    model.save(path.toString());
    return model;
  }

  /** Returns the files that hold the model; Hadoop's own checksums would find the changes too. */
  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        if (file.getFileName().toString().endsWith(".crc")) {
          Files.delete(file);
        }
      }
      return files.stream().filter(Files::exists).filter(ModelFolderTest::isRead).toList();
    }
  }

  private static boolean isRead(Path file) {
    return !file.getFileName().toString().equals("_SUCCESS");
  }

  @Test
  void aChangedFileIsRefusedOrPredictsTheSame() throws IOException {
    Path path = folder.resolve("mutated");
    ChainruleClassificationModel saved = saved(path);
    Vector expected = saved.predictRaw(ROW);
    float[] parameters = saved.trained().parameters();
    List<Path> files = files(path);
    assertThat(files).hasSize(3);
    var random = new RandomStream(1);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Path file = files.get(i % files.size());
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, mutated(whole, random));
      var reader = new ModelFolder(path.toString(), Sparks.local2(), "network.safetensors");
      try {
        // The whole of the reading but for Spark's own of metadata, which the checksum covers.
        byte[] bytes = reader.read();
        var model = chainrule.model.ModelFile.of(bytes);
        assertThat(model.parameters()).containsExactly(parameters);
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e).hasMessageStartingWith("Cannot read the model " + path);
      }
      Files.write(file, whole);
    }
    assertThat(refused).isGreaterThan(MUTATIONS * 9 / 10);
    assertThat(ChainruleClassificationModel.load(path.toString()).predictRaw(ROW))
        .isEqualTo(expected);
  }

  private static byte[] mutated(byte[] bytes, RandomStream random) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(changed, at);
      case 1 -> Arrays.copyOf(changed, bytes.length + 1 + random.nextInt(8));
      case 2 -> {
        changed[at] ^= (byte) (1 << random.nextInt(8));
        yield changed;
      }
      default -> {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(64));
        for (int i = at; i < end; i++) {
          changed[i] = (byte) (random.nextInt(255) + 1 + changed[i]);
        }
        yield changed;
      }
    };
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Path path = folder.resolve("incomplete");
    saved(path);
    for (Path file : files(path)) {
      byte[] whole = Files.readAllBytes(file);
      Files.delete(file);
      assertThatThrownBy(() -> ChainruleClassificationModel.load(path.toString()))
          .hasMessageContaining(path.toString());
      Files.write(file, whole);
    }
    Path checksums = path.resolve("checksums.json");
    Files.writeString(checksums, Files.readString(checksums).replace(": 1,", ": 2,"));
    assertThatThrownBy(() -> ChainruleClassificationModel.load(path.toString()))
        .hasMessageContaining("checksums.json: version 2 (must be version 1 of the format");
    assertThatThrownBy(() -> ChainruleClassificationModel.load(folder + "/nowhere"))
        .hasMessageContaining("nowhere");
  }
}
