/**
 * What differs between the versions of Spark, and what differs between those of Scala.
 *
 * <p>Lives here: small classes with one form each for a line of Spark's versions, in a source root
 * of that line ({@code src/main/spark-3.5}, {@code src/main/spark-4}, {@code src/main/scala-2.12},
 * {@code src/main/scala-2.13}), and classes that suit all.
 *
 * <p>May not: hold logic that the versions share; use reflection.
 */
package chainrule.spark.shim;
