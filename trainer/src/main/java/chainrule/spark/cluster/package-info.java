/**
 * What the engines need to know of the cluster.
 *
 * <p>Lives here: executors and their slots, jobs that are watched and ended in time, descriptions
 * of jobs in Spark's UI, the results of tasks as bytes, cluster settings, and the exceptions of a
 * lost cluster.
 *
 * <p>May not: know gradients; decide what a training does next.
 */
package chainrule.spark.cluster;
