/**
 * Numbers and nothing else: views on flat arrays, matrix kernels, seeded random numbers, exact
 * sums.
 *
 * <p>Lives here: {@link chainrule.math.Slice} and {@link chainrule.math.Matrix} (windows onto a
 * {@code float[]}), {@link chainrule.math.Kernels} and its implementations, {@link
 * chainrule.math.RandomStream}, {@link chainrule.math.ExactSum}, {@link chainrule.math.Check},
 * {@link chainrule.math.Kinds} (the registry of records that describe themselves).
 *
 * <p>May not: know rows, layers, training or Spark; import anything but the JDK (and SLF4J); give
 * other bits on another CPU, except in native kernels, whose Javadoc names the difference.
 */
package chainrule.math;
