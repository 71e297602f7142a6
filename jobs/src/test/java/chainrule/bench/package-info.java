/**
 * What {@code scripts/bench} runs: how fast Chainrule is, by itself and beside PyTorch and Spark
 * MLlib, and a model of what that comes to on clusters that are not at hand.
 *
 * <p>Lives here: one {@link chainrule.bench.Section} a question, each measured in a JVM of its own;
 * what they share (networks, tables, peers, results).
 *
 * <p>May not: be shipped, or assert on a clock: a build that is busy elsewhere must pass.
 */
package chainrule.bench;
