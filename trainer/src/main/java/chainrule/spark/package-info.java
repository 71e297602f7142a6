/**
 * Training on Spark: reading tables, logical shards, and the engines that compute gradients on
 * them.
 *
 * <p>Lives here: everything of the library that imports Spark but not Spark ML.
 *
 * <p>May not: bring data to the driver other than statistics and small samples; let a result depend
 * on the order in which tasks finish, or on the number of files, partitions, tasks or executors.
 */
package chainrule.spark;
