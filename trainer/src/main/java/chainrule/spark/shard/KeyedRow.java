package chainrule.spark.shard;

import chainrule.data.Placement;
import chainrule.data.RawRow;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoSerializable;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Serializable;
import java.util.Objects;

/**
 * A row with the key that decides its shard and its place there. The shuffle moves and sorts these.
 * Writes itself compactly through Kryo, because Java serialization of a row takes longer than
 * parsing it.
 */
public final class KeyedRow implements Comparable<KeyedRow>, KryoSerializable, Serializable {
  private static final long serialVersionUID = 1;

  private long key;
  private RawRow row;

  KeyedRow(long key, RawRow row) {
    this.key = key;
    this.row = Objects.requireNonNull(row, "row");
  }

  /** For Kryo, which then calls {@link #read}. */
  private KeyedRow() {
    this(0, RawRow.withTextLabel(new double[0], new String[0], "", 1));
  }

  public long key() {
    return key;
  }

  public RawRow row() {
    return row;
  }

  @Override
  public int compareTo(KeyedRow other) {
    return Placement.compare(key, row, other.key, other.row);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyedRow keyed && compareTo(keyed) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(key);
  }

  @Override
  public void write(Kryo kryo, Output output) {
    output.writeLong(key);
    PackedNumbers.write(row, output);
    output.writeVarInt(row.categoryCount(), true);
    for (int i = 0; i < row.categoryCount(); i++) {
      output.writeString(row.category(i));
    }
    output.writeVarInt(row.labelCount(), true);
    for (int i = 0; i < row.labelCount(); i++) {
      output.writeDouble(row.labelNumber(i));
      output.writeString(row.labelText(i));
    }
    output.writeDouble(row.weight());
  }

  @Override
  public void read(Kryo kryo, Input input) {
    key = input.readLong();
    double[] numbers = PackedNumbers.read(input);
    String[] categories = new String[input.readVarInt(true)];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = input.readString();
    }
    double[] labelNumbers = new double[input.readVarInt(true)];
    String[] labelTexts = new String[labelNumbers.length];
    for (int i = 0; i < labelNumbers.length; i++) {
      labelNumbers[i] = input.readDouble();
      labelTexts[i] = input.readString();
    }
    row = RawRow.withLabels(numbers, categories, labelNumbers, labelTexts, input.readDouble());
  }
}
