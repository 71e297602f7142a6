/**
 * Sums over rows of gradients, losses and metrics: all that workers return.
 *
 * <p>Lives here: the sums, the fixed tree in which sums of two siblings merge ({@link
 * chainrule.train.sums.ShardTree}), and metrics computed from sums.
 *
 * <p>May not: merge anything but siblings of the tree; divide, except to compute means and metrics
 * from finished sums.
 */
package chainrule.train.sums;
