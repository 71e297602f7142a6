package chainrule.spark.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The type of this machine's processor. The last bits of OpenBLAS's results depend on it. */
public final class Cpu {
  private static final Path LIST = Path.of("/proc/cpuinfo");

  private Cpu() {}

  /** Returns the processor's name if the system provides it, else the architecture's. */
  public static String name() {
    String architecture = System.getProperty("os.arch");
    if (!Files.isReadable(LIST)) {
      return architecture;
    }
    try (Stream<String> lines = Files.lines(LIST)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      return architecture;
    }
  }
}
