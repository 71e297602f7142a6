/**
 * Sums over rows, which is all that workers return: gradients, losses, metrics.
 *
 * <p>Lives here: the sums, the fixed tree in which sums of two siblings merge ({@link
 * chainrule.train.sums.ShardTree}), and metrics computed from sums.
 *
 * <p>May not: merge anything but siblings of the tree; divide, except to turn finished sums into
 * means and metrics.
 */
package chainrule.train.sums;
