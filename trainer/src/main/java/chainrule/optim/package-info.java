/**
 * Optimizers and learning-rate schedules over flat parameter arrays.
 *
 * <p>Lives here: immutable specs, their explicit states, schedules as functions of the step,
 * gradient clipping.
 *
 * <p>May not: know layers, data or Spark; read a clock; change a learning rate that a user set.
 */
package chainrule.optim;
