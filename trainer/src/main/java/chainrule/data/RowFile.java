package chainrule.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes packed rows to a file and maps it to memory: the heap holds one block while they are
 * written and nothing afterwards, and the operating system keeps in memory what fits.
 *
 * <p>The file is private to this process. Where the system lets open files be deleted (Linux,
 * macOS) it has no name from the moment it is opened, so that not even a killed process leaves it
 * behind; elsewhere it is deleted when it is closed. Its space is free again once the rows are
 * garbage.
 *
 * <p>Rows are written, not mapped, on their way in, so that a full disk is an exception: a store to
 * a mapped page that has no room on disk would kill the process. Not for sharing.
 *
 * <p>Errors: {@link UncheckedIOException} if the file cannot be written or mapped.
 */
public final class RowFile implements Closeable {
  /** A mapping of Java's is shorter than 2 GiB. */
  private static final int MAXIMUM_SEGMENT = 1 << 30;

  private final Path path;
  private final InputLayout layout;
  private final int blockRows;
  private final int rowWidth;
  private final int maximumSegment;
  private final FileChannel channel;
  private final ByteBuffer bytes;
  private int rows;

  /**
   * Creates the file.
   *
   * @param path of a file that is not there yet
   * @param blockRows rows in every block but the last; a power of two
   */
  public RowFile(Path path, InputLayout layout, int targetWidth, int blockRows) {
    this(path, layout, targetWidth, blockRows, MAXIMUM_SEGMENT);
  }

  /**
   * @param maximumSegment bytes that are mapped in one go, but at least a row
   */
  RowFile(Path path, InputLayout layout, int targetWidth, int blockRows, int maximumSegment) {
    this.path = path;
    this.layout = layout;
    this.blockRows = blockRows;
    this.rowWidth = layout.cells() + targetWidth + 1;
    this.maximumSegment = maximumSegment;
    this.bytes = ByteBuffer.allocate(blockRows * rowWidth * Float.BYTES);
    bytes.order(ByteOrder.nativeOrder());
    try {
      this.channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw cannot("create", e);
    }
  }

  /** Adds a block: all but the last have as many rows as a block can have. */
  public void add(Block block) {
    if (rows % blockRows != 0) {
      throw new IllegalStateException("Cannot add a block: the one before it is not full");
    }
    bytes.clear().limit(block.values().length * Float.BYTES);
    bytes.asFloatBuffer().put(block.values());
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw cannot("write", e);
    }
    rows = Math.addExact(rows, block.rows());
  }

  /** Maps the rows to memory; then the file may be closed. */
  public PackedRows map() {
    int segmentRows = Integer.highestOneBit(Math.max(1, maximumSegment / (rowWidth * Float.BYTES)));
    List<FloatBuffer> segments = new ArrayList<>();
    try {
      for (int from = 0; from < rows; from += segmentRows) {
        long at = (long) from * rowWidth * Float.BYTES;
        long length = (long) Math.min(segmentRows, rows - from) * rowWidth * Float.BYTES;
        segments.add(
            channel
                .map(FileChannel.MapMode.READ_ONLY, at, length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer());
      }
    } catch (IOException e) {
      throw cannot("map", e);
    }
    return new PackedRows(layout, blockRows, rows, rowWidth, segments, segmentRows);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw cannot("close", e);
    }
  }

  private UncheckedIOException cannot(String what, IOException e) {
    return new UncheckedIOException(
        "Cannot " + what + " " + path + " for packed rows: " + e.getMessage(), e);
  }
}
