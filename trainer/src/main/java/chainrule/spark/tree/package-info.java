/**
 * The tree engine: one Spark job for each step.
 *
 * <p>Lives here: {@link chainrule.spark.tree.TreeGradientSource} and the faults it counts.
 *
 * <p>May not: keep state between steps other than counters.
 */
package chainrule.spark.tree;
