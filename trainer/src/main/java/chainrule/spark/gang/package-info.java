/**
 * The gang engine: one Spark job of long-lived tasks that compute many steps.
 *
 * <p>Lives here: attempts and their life cycle, messages over Spark's transport, the tree of
 * executors, and the reaction to lost executors and tasks.
 *
 * <p>How parameters reach the executors: {@link chainrule.train.shard.Exchange} (the driver posts
 * them) → {@link chainrule.spark.gang.GangAttempt} (one Spark job) → {@link
 * chainrule.spark.gang.GangChildReceiver} (one executor) → {@link
 * chainrule.spark.gang.GangWeightsMessage} (bytes, encoded once for all executors). {@link
 * chainrule.spark.gang.GangAgent} receives them on the executor and sends the sums back.
 *
 * <p>May not: change an update. Parameters and optimizer are on the driver, and the number of tasks
 * does not enter the sums.
 */
package chainrule.spark.gang;
