/**
 * The gang engine: one Spark job of long-lived tasks that compute many steps.
 *
 * <p>Lives here: attempts and their life cycle, messages over Spark's transport, the tree of
 * executors, and what follows when an executor or a task is lost.
 *
 * <p>May not: change an update: parameters and optimizer are the driver's, and the number of tasks
 * does not enter the sums.
 */
package chainrule.spark.gang;
