package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;

/** Runs a main class as spark-submit does, with Spark and the classes of the class path. */
final class Submission {
  private final Path temporary;
  private final Map<String, String> settings = new TreeMap<>();

  Submission(Path temporary) {
    this.temporary = temporary;
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.executor.memory", "1024m");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.driver.host", "127.0.0.1");
  }

  Submission with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Runs to the end, which must be a good one, and returns what was printed. */
  String run(String master, Class<?> main, List<String> arguments) throws Exception {
    String classPath = System.getProperty("java.class.path");
    settings.put("spark.executor.extraClassPath", classes(classPath));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "scripts", "java-options").toAbsolutePath().normalize());
    command.add("-Dlog4j2.configurationFile=" + Path.of("..", "scripts", "log4j2.properties"));
    command.addAll(List.of("-Xmx1g", "-cp", classPath, "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(List.of("--master", master, "--class", main.getName()));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(emptyJar().toString());
    command.addAll(arguments);

    Path output = Files.createTempFile(temporary, "output", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", sparkHome(classPath).toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    try {
      int exitCode = process.waitFor();
      assertThat(exitCode).as(() -> read(output)).isZero();
      return read(output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The classes under test, which lie in folders while they are not packed. */
  private static String classes(String classPath) {
    List<String> folders = new ArrayList<>();
    for (String entry : entries(classPath)) {
      if (!isSparks(entry)) {
        folders.add(entry);
      }
    }
    return String.join(File.pathSeparator, folders);
  }

  private static List<String> entries(String classPath) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL).splitAsStream(classPath).toList();
  }

  private static boolean isSparks(String entry) {
    Path project = Path.of("..").toAbsolutePath().normalize();
    return entry.endsWith(".jar") && !Path.of(entry).startsWith(project);
  }

  /** Executors take Spark's jars from the folder {@code jars} of its home. */
  private Path sparkHome(String classPath) throws IOException {
    Path home = Path.of("target", "spark-of-tests").toAbsolutePath();
    if (Files.exists(home)) {
      return home;
    }
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String entry : entries(classPath)) {
      Path jar = Path.of(entry);
      if (isSparks(entry)) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      }
    }
    return home;
  }

  /** spark-submit wants a jar, though all classes are on the class path. */
  private Path emptyJar() throws IOException {
    Path jar = temporary.resolve("empty.jar");
    new JarOutputStream(Files.newOutputStream(jar)).close();
    return jar;
  }
}
