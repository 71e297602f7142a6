/**
 * The state of the cluster, for the engines.
 *
 * <p>Lives here: executors and their slots, the watch that ends hopeless jobs, descriptions of jobs
 * in Spark's UI, the results of tasks as bytes, cluster settings, and the exceptions for a lost
 * cluster.
 *
 * <p>May not: know gradients; decide how training continues.
 */
package chainrule.spark.cluster;
