/**
 * Logical shards on executors.
 *
 * <p>Lives here: the shuffle of rows by the hash of their content, packed shards in mapped files,
 * and the RDDs and coalescers that give each task a range of neighbouring shards.
 *
 * <p>May not: know an engine; let the number of tasks or executors change the contents of a shard.
 */
package chainrule.spark.shard;
