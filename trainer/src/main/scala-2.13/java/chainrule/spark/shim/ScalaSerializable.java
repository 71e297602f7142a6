package chainrule.spark.shim;

/** What Scala 2.13 calls serializable: {@code java.io.Serializable}. */
public interface ScalaSerializable extends java.io.Serializable {}
