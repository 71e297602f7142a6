package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowFileTest {
  @TempDir private Path folder;

  private PackedRows inFile(int rows, int blockRows, int maximumSegment) {
    Path path = folder.resolve("rows-" + rows + "-" + blockRows + "-" + maximumSegment);
    InputLayout layout = PackedRowsTest.LAYOUT;
    try (var file = new RowFile(path, layout, 1, blockRows, maximumSegment)) {
      PackedRowsTest.blocks(rows, blockRows).forEach(file::add);
      return file.map();
    }
  }

  @ParameterizedTest
  // A row has 24 bytes here: 4 cells, a target and a weight.
  @CsvSource({"1,1,1", "40,16,24", "40,16,100", "41,8,400", "64,16,1000000", "150,1,4096"})
  void givesBackTheRowsThatWereWrittenAcrossTheBordersOfMappings(
      int rows, int blockRows, int maximumSegment) {
    PackedRowsTest.assertGivesBack(inFile(rows, blockRows, maximumSegment), rows);
  }

  @Test
  void aFileOfNoRowsIsOneOfNone() {
    try (var file = new RowFile(folder.resolve("none"), PackedRowsTest.LAYOUT, 1, 16)) {
      assertThat(file.map().rows()).isZero();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theFileHasNoNameEvenWhileItIsWritten() throws IOException {
    try (var file = new RowFile(folder.resolve("secret"), PackedRowsTest.LAYOUT, 1, 16)) {
      file.add(PackedRowsTest.blocks(10, 16).get(0));
      try (var files = Files.list(folder)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void rejectsABlockBehindOneThatIsNotFull() {
    try (var file = new RowFile(folder.resolve("rows"), PackedRowsTest.LAYOUT, 1, 16)) {
      List<Block> blocks = PackedRowsTest.blocks(10, 16);
      file.add(blocks.get(0));
      assertThatIllegalStateException()
          .isThrownBy(() -> file.add(blocks.get(0)))
          .withMessage("Cannot add a block: the one before it is not full");
    }
  }

  @Test
  void saysWhichFileCannotBeMade() {
    Path path = folder.resolve("missing").resolve("rows");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> new RowFile(path, PackedRowsTest.LAYOUT, 1, 16))
        .withMessage("Cannot create " + path + " for packed rows: " + path);
  }
}
