/**
 * Networks and the chain rule over them.
 *
 * <p>Lives here: layers, activations, losses, initializers, {@code Network} (an immutable
 * description with offsets into the flat parameter vector) and {@code Backpropagation} (the forward
 * and the backward pass of one thread).
 *
 * <p>May not: own parameters (they are one {@code float[]} of the caller's), average anything (sums
 * travel, the driver divides once), know optimizers, training or Spark.
 */
package chainrule.nn;
