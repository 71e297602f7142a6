/**
 * Checkpoints: the state of a training as an immutable value, and when to save it.
 *
 * <p>Lives here: checkpoints and snapshots of the loop, the background writer, and the exceptions
 * of a resume. Files and stores implement {@link chainrule.train.checkpoint.CheckpointStore}.
 *
 * <p>May not: know a file format or a file system.
 */
package chainrule.train.checkpoint;
