package chainrule.bench;

import chainrule.math.KernelChoice;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where and when something was measured. Immutable.
 *
 * @param kernels what computes matrix products
 * @param load how many processes wanted to run in the minute before
 */
record Machine(String date, String processor, int cores, String java, String kernels, double load) {
  /** Looks at this machine. */
  static Machine now() {
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        model(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        KernelChoice.resolve(KernelChoice.AUTO),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String model() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // not Linux
    }
  }

  String text() {
    String where =
        String.format(
            Locale.ROOT, "%s: %s, %d cores, %s, %s", date, processor, cores, java, kernels);
    return load > 0.5
        ? where + String.format(Locale.ROOT, "%nThe machine is not quiet: its load is %.1f", load)
        : where;
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("date", date)
        .put("processor", processor)
        .put("cores", cores)
        .put("java", java)
        .put("kernels", kernels)
        .put("load", load);
  }
}
