/**
 * The training loop, and the way from a table to a trained model.
 *
 * <p>Lives here: {@link chainrule.train.Trainer}, {@link chainrule.train.TrainingLoop} and its
 * state, the plan of a training, the choice of the epoch, early stopping, listeners. What they work
 * with has packages of its own below this one: settings, sums, shards, history and checkpoints.
 *
 * <p>May not: know Spark; divide sums anywhere but once a step; depend on which worker computed a
 * sum or when it arrived.
 */
package chainrule.train;
