package chainrule.train.shard;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.data.InputLayout;
import chainrule.data.RawRow;
import chainrule.data.RowFile;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Packs the rows of a shard, given in order, into the blocks of its parts, and passes each block on
 * as soon as it is full. Not for sharing.
 */
public final class ShardBuilder {
  private final Encoder encoder;
  private final Consumer<Block> blocks;
  private final Map<Block.Part, Block.Builder> open = new EnumMap<>(Block.Part.class);

  /**
   * @param blocks receives the blocks of each part in order
   */
  public ShardBuilder(Encoder encoder, Consumer<Block> blocks) {
    this.encoder = encoder;
    this.blocks = blocks;
    for (Block.Part part : Block.Part.values()) {
      open.put(part, newBlock(part));
    }
  }

  private Block.Builder newBlock(Block.Part part) {
    int width = encoder.layout().cells();
    return Block.builder(part, Block.rowsPerBlock(width), width, encoder.label().count());
  }

  /** Adds the next row of a part. */
  public void add(Block.Part part, RawRow row) {
    Block.Builder block = open.get(part);
    block.add(encoder, row);
    if (block.isFull()) {
      blocks.accept(block.build());
      open.put(part, newBlock(part));
    }
  }

  /** Passes on the blocks that are not full; no row may be added afterwards. */
  public void end() {
    for (Block.Builder block : open.values()) {
      if (!block.isEmpty()) {
        blocks.accept(block.build());
      }
    }
  }

  /** The rows of a shard. */
  @FunctionalInterface
  public interface Rows {
    /** Adds all rows to a builder, in order. */
    void addTo(ShardBuilder builder);
  }

  /**
   * Packs a shard into files that are mapped to memory, so that it takes no heap.
   *
   * @param files supplies a path of a new file each time
   */
  public static Shard toFiles(int index, Encoder encoder, Rows rows, Supplier<Path> files) {
    InputLayout layout = encoder.layout();
    int targetWidth = encoder.label().count();
    int blockRows = Block.rowsPerBlock(layout.cells());
    try (var training = new RowFile(files.get(), layout, targetWidth, blockRows);
        var validation = new RowFile(files.get(), layout, targetWidth, blockRows)) {
      var builder =
          new ShardBuilder(
              encoder,
              block -> (block.part() == Block.Part.TRAINING ? training : validation).add(block));
      rows.addTo(builder);
      builder.end();
      return new Shard(index, training.map(), validation.map());
    }
  }
}
