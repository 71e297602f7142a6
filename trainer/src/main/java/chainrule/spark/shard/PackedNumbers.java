package chainrule.spark.shard;

import chainrule.data.RawRow;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The numbers of a row as bytes, none of them changed in a bit: a byte each if all are whole
 * numbers from 0 to 255, four if all are floats, otherwise eight.
 */
final class PackedNumbers {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private PackedNumbers() {}

  static void write(RawRow row, Output output) {
    int count = row.numberCount();
    int width = width(row);
    byte[] bytes = new byte[count * width];
    for (int i = 0; i < count; i++) {
      double number = row.number(i);
      if (width == Byte.BYTES) {
        bytes[i] = (byte) (int) number;
      } else if (width == Float.BYTES) {
        INT.set(bytes, i * Float.BYTES, Float.floatToRawIntBits((float) number));
      } else {
        LONG.set(bytes, i * Double.BYTES, Double.doubleToRawLongBits(number));
      }
    }
    output.writeVarInt(count, true);
    output.writeByte(width);
    output.writeBytes(bytes);
  }

  /** Returns the bytes that each number needs. */
  private static int width(RawRow row) {
    boolean bytes = true;
    for (int i = 0; i < row.numberCount(); i++) {
      double number = row.number(i);
      // Bits, because -0.0 is no byte and NaN is a float.
      long bits = Double.doubleToRawLongBits(number);
      if (bits != Double.doubleToRawLongBits((double) (float) number)) {
        return Double.BYTES;
      }
      bytes &= bits == Double.doubleToRawLongBits((int) number & 0xff);
    }
    return bytes ? Byte.BYTES : Float.BYTES;
  }

  static double[] read(Input input) {
    double[] numbers = new double[input.readVarInt(true)];
    int width = input.readByte();
    byte[] bytes = input.readBytes(numbers.length * width);
    for (int i = 0; i < numbers.length; i++) {
      if (width == Byte.BYTES) {
        numbers[i] = bytes[i] & 0xff;
      } else if (width == Float.BYTES) {
        numbers[i] = Float.intBitsToFloat((int) INT.get(bytes, i * Float.BYTES));
      } else {
        numbers[i] = Double.longBitsToDouble((long) LONG.get(bytes, i * Double.BYTES));
      }
    }
    return numbers;
  }
}
