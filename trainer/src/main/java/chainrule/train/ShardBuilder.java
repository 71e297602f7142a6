package chainrule.train;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.data.RawRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Packs the rows of a shard, given in order, into the blocks of its parts. Not for sharing. */
public final class ShardBuilder {
  private final Encoder encoder;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<Block.Part, Block.Builder> open = new EnumMap<>(Block.Part.class);

  public ShardBuilder(Encoder encoder) {
    this.encoder = encoder;
    for (Block.Part part : Block.Part.values()) {
      open.put(part, newBlock(part));
    }
  }

  private Block.Builder newBlock(Block.Part part) {
    int width = encoder.layout().cells();
    return Block.builder(part, Block.rowsPerBlock(width), width, 1);
  }

  /** Adds the next row of a part. */
  public void add(Block.Part part, RawRow row) {
    Block.Builder block = open.get(part);
    block.add(encoder, row);
    if (block.isFull()) {
      blocks.add(block.build());
      open.put(part, newBlock(part));
    }
  }

  /** Returns the blocks; the builder must not be used afterwards. */
  public List<Block> build() {
    for (Block.Builder block : open.values()) {
      if (!block.isEmpty()) {
        blocks.add(block.build());
      }
    }
    return blocks;
  }
}
