/**
 * The training loop, over a {@code GradientSource} whose nature it does not know.
 *
 * <p>Lives here: {@code TrainingLoop}, {@code GradientSource} and the sums it returns, the fixed
 * tree in which shards' sums are merged, the choice of the pass, early stopping, history, metrics,
 * checkpoints as values and when to take them, the default recipe.
 *
 * <p>May not: know Spark; divide sums anywhere but once a step; depend on who computed a sum or
 * when it came.
 */
package chainrule.train;
