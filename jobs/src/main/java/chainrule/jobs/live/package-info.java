/**
 * A run during training: progress on a terminal, the live page and its server, TensorBoard events.
 *
 * <p>Lives here: listeners of a training and the server of the live page.
 *
 * <p>May not: influence the training; listen on an address other than the configured one.
 */
package chainrule.jobs.live;
