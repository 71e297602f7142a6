/**
 * Training and prediction on Spark: the entry points.
 *
 * <p>Lives here: {@link chainrule.spark.ShardedTable}, the engines and the choice between them,
 * distributed prediction and importance, synthetic tables, and the metrics plugin, whose class name
 * is a public setting. The packages below this one hold the parts.
 *
 * <p>May not: bring data to the driver other than statistics and small samples; let a result depend
 * on the order in which tasks finish, or on the number of files, partitions, tasks or executors.
 */
package chainrule.spark;
