package chainrule.spark.shim;

/** What Scala 2.12 calls serializable: {@code scala.Serializable}. */
public interface ScalaSerializable extends scala.Serializable {}
