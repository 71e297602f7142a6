/**
 * Logical shards of a table, and the sources of gradients over them.
 *
 * <p>Lives here: tables, shards and their workers, the rows of each step, the requests of the
 * driver, and the exchange in which workers of one JVM merge their sums.
 *
 * <p>May not: know Spark, an optimizer or the training loop.
 */
package chainrule.train.shard;
