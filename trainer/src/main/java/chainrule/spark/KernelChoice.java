package chainrule.spark;

import chainrule.math.JavaKernels;
import chainrule.math.Kernels;

/** The kernels of this JVM, by name. */
public final class KernelChoice {
  private static final Kernels JAVA = new JavaKernels();

  private KernelChoice() {}

  /** Returns the kernels that are used unless others are asked for. */
  public static Kernels automatic() {
    return JAVA;
  }

  /** Returns the kernels of that name: {@code auto} or {@code java}. */
  public static Kernels named(String name) {
    if (name.equals("auto") || name.equals(JAVA.name())) {
      return JAVA;
    }
    throw new IllegalArgumentException("Invalid blas: \"" + name + "\" (must be auto or java)");
  }
}
