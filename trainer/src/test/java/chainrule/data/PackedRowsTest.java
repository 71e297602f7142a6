package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Packing and unpacking: {@link Block}, {@link PackedRows}, {@link InputLayout}, batches. */
class PackedRowsTest {
  static final InputLayout LAYOUT = new InputLayout(2, List.of(), List.of(3, 1));

  private static float[] cells(int row) {
    return new float[] {row, -row, row % 4 - 1, row % 2 - 1};
  }

  private static PackedRows pack(int rows, int blockRows) {
    return new PackedRows(LAYOUT, blockRows, blocks(rows, blockRows));
  }

  static List<Block> blocks(int rows, int blockRows) {
    List<Block> blocks = new ArrayList<>();
    Block.Builder open = Block.builder(Block.Part.TRAINING, blockRows, 4, 1);
    for (int row = 0; row < rows; row++) {
      if (open.isFull()) {
        blocks.add(open.build());
        open = Block.builder(Block.Part.TRAINING, blockRows, 4, 1);
      }
      open.add(cells(row), new float[] {row * 10}, row + 0.5f);
    }
    blocks.add(open.build());
    return blocks;
  }

  @Property(tries = 50)
  void givesBackTheRowsThatWerePacked(
      @ForAll @IntRange(min = 1, max = 150) int rows, @ForAll @IntRange(max = 7) int power) {
    assertGivesBack(pack(rows, 1 << power), rows);
  }

  static void assertGivesBack(PackedRows packed, int rows) {
    assertThat(packed.rows()).isEqualTo(rows);
    var batch = new MiniBatch(rows, LAYOUT.inputs(), 1);
    int[] backwards = new int[rows];
    for (int i = 0; i < rows; i++) {
      backwards[i] = rows - 1 - i;
    }
    batch.gather(packed, backwards, 0, rows);
    for (int i = 0; i < rows; i++) {
      int row = rows - 1 - i;
      float[] inputs = {row, -row, 0, 0, 0, 0};
      if (row % 4 > 0) {
        inputs[2 + row % 4 - 1] = 1;
      }
      inputs[5] = row % 2;
      assertThat(batch.inputs().row(i).toArray()).containsExactly(inputs);
      assertThat(batch.targets().get(i, 0)).isEqualTo(row * 10);
      assertThat(batch.weights().get(i)).isEqualTo(row + 0.5f);
    }
  }

  @Test
  void clearsWhatTheBatchHeldBefore() {
    PackedRows packed = pack(8, 4);
    var batch = new MiniBatch(5, LAYOUT.inputs(), 1);
    assertThat(batch.capacity()).isEqualTo(5);
    assertThat(batch.rows()).isZero();
    batch.gather(packed, new int[] {7, 6, 5, 3, 2}, 0, 5);
    batch.gather(packed, new int[] {1, 4, 0}, 1, 3);
    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.inputs().asSlice().toArray())
        .containsExactly(4, -4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(batch.targets().asSlice().toArray()).containsExactly(40, 0);
    assertThat(batch.weights().toArray()).containsExactly(4.5f, 0.5f);
  }

  @Test
  void knowsItsWidths() {
    assertThat(LAYOUT.cells()).isEqualTo(4);
    assertThat(LAYOUT.inputs()).isEqualTo(6);
    assertThat(InputLayout.dense(3)).isEqualTo(new InputLayout(3, List.of(), List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputLayout.dense(-1))
        .withMessage("Invalid dense: -1 (must be >= 0)");
  }

  @Test
  void makesBlocksOfAPowerOfTwoOfRows() {
    assertThat(Block.rowsPerBlock(0)).isEqualTo(4096);
    assertThat(Block.rowsPerBlock(1)).isEqualTo(4096);
    assertThat(Block.rowsPerBlock(16)).isEqualTo(4096);
    assertThat(Block.rowsPerBlock(17)).isEqualTo(2048);
    assertThat(Block.rowsPerBlock(784)).isEqualTo(64);
    assertThat(Block.rowsPerBlock(5_000)).isEqualTo(32);
    assertThat(Block.rowsPerBlock(1_000_000)).isEqualTo(32);
  }

  @Test
  void refusesARowMoreThanABlockHolds() {
    Block.Builder builder = Block.builder(Block.Part.VALIDATION, 1, 1, 1);
    assertThat(builder.isEmpty()).isTrue();
    builder.add(new float[1], new float[1], 1);
    assertThat(builder.isFull()).isTrue();
    assertThat(builder.build().part()).isEqualTo(Block.Part.VALIDATION);
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.add(new float[1], new float[1], 1))
        .withMessage("Cannot add a row: the block is full");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Block.builder(Block.Part.TRAINING, 0, 1, 1))
        .withMessage("Invalid capacity: 0 (must be > 0)");
  }

  private static Block block(int rows) {
    Block.Builder builder = Block.builder(Block.Part.TRAINING, 8, 4, 1);
    for (int i = 0; i < rows; i++) {
      builder.add(cells(i), new float[1], 1);
    }
    return builder.build();
  }

  @Test
  void refusesAShortBlockBeforeTheLastAndALongOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PackedRows(LAYOUT, 4, List.of(block(3), block(4))))
        .withMessage("Invalid rows of block 0: 3 (must be 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PackedRows(LAYOUT, 4, List.of(block(4), block(5))))
        .withMessage("Invalid rows of block 1: 5 (must be at most 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PackedRows(LAYOUT, 3, List.of()))
        .withMessage("Invalid blockRows: 3 (must be a power of two)");
    var packed = new PackedRows(LAYOUT, 4, List.of(block(4), block(2)));
    assertThat(packed.rows()).isEqualTo(6);
    assertThat(packed.blockRows()).isEqualTo(4);
    assertThat(packed.layout()).isEqualTo(LAYOUT);
  }
}
