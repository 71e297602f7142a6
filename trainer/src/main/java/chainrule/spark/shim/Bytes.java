package chainrule.spark.shim;

import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Bytes of Spark's texts, which Spark 3.5 hides. */
public final class Bytes {
  private Bytes() {}

  /** Returns the byte at an index, which is not checked. */
  public static byte at(UTF8String text, int index) {
    return Platform.getByte(text.getBaseObject(), text.getBaseOffset() + index);
  }
}
