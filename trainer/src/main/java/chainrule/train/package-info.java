/**
 * The training loop, and the way from a table to a trained model.
 *
 * <p>Lives here: {@link chainrule.train.Trainer}, {@link chainrule.train.TrainingLoop} with its
 * steps and its state, the plan of a training, epoch selection, early stopping, listeners.
 * Settings, sums, shards, history and checkpoints have separate packages below this one.
 *
 * <p>May not: know Spark; divide by rows or their weights, which is for {@link
 * chainrule.train.sums}; depend on which worker computed a sum or when it arrived.
 */
package chainrule.train;
