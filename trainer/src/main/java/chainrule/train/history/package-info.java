/**
 * Records of a training, for people and for files.
 *
 * <p>Lives here: records of steps, epochs and phases, and of the faults that were overcome.
 *
 * <p>May not: change the training; hold parameters or gradients.
 */
package chainrule.train.history;
