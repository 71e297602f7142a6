package chainrule.math;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of this JVM, by name. The driver resolves {@code auto} once, and tasks are told the
 * name it came to: kernels that differ between executors would give other bits.
 */
public final class KernelChoice {
  /** Leaves the choice to what can be loaded. */
  public static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
  private static final String JAVA = "java";

  private KernelChoice() {}

  /** Loaded when first asked for: it takes a moment, and extracts files. */
  private static final class OpenBlas {
    static final Kernels KERNELS = OpenBlasKernels.load();
  }

  /** Loaded when first asked for. */
  private static final class Plain {
    static final Kernels KERNELS = new JavaKernels();
  }

  /** Throws unless there are kernels of that name, or it is auto. */
  public static void check(String name) {
    Check.argument(
        name.equals(AUTO) || name.equals(JAVA) || name.equals(OpenBlasKernels.NAME),
        "blas",
        '"' + name + '"',
        "auto, openblas or java");
  }

  /**
   * Returns the name of the kernels that run: openblas for auto if it can be loaded here, otherwise
   * java, with a warning.
   */
  public static String resolve(String name) {
    check(name);
    return name.equals(AUTO) ? Automatic.NAME : name;
  }

  /** Settled when first asked for, so that the warning comes once. */
  private static final class Automatic {
    static final String NAME = settle();

    private static String settle() {
      try {
        return named(OpenBlasKernels.NAME).name();
      } catch (IllegalStateException e) {
        LOG.warn("{}; the plain Java kernels run instead, several times slower", e.getMessage());
        return JAVA;
      }
    }
  }

  /**
   * Returns the kernels of that name.
   *
   * @param name not auto
   * @throws IllegalStateException if they cannot be loaded in this JVM
   */
  public static Kernels named(String name) {
    check(name);
    Check.argument(!name.equals(AUTO), "blas", name, "settled by the driver");
    if (name.equals(JAVA)) {
      return Plain.KERNELS;
    }
    try {
      return OpenBlas.KERNELS;
    } catch (ExceptionInInitializerError e) {
      throw new IllegalStateException(e.getCause().getMessage(), e);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException("Cannot load OpenBLAS: " + e.getMessage(), e);
    }
  }
}
