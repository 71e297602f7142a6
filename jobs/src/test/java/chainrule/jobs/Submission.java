package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;

/**
 * Runs a main class as spark-submit does: with Spark and the classes of the class path, or with
 * Spark alone and a jar that brings the rest.
 */
public final class Submission {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private final Path temporary;
  private final String classPath;
  private final Path jar;
  private final Map<String, String> settings = new TreeMap<>();

  /** Submits what is on this JVM's class path. */
  Submission(Path temporary) throws IOException {
    this(temporary, CLASS_PATH, emptyJar(temporary));
    settings.put("spark.executor.extraClassPath", classes(CLASS_PATH));
  }

  /**
   * Submits a jar.
   *
   * @param spark the class path: Spark's jars
   */
  Submission(Path temporary, String spark, Path jar) {
    this.temporary = temporary;
    this.classPath = spark;
    this.jar = jar;
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
    Path output = Files.createTempFile(temporary, "output", ".txt");
    Process process = start(master, main, arguments, output);
    try {
      int exitCode = process.waitFor();
      assertThat(exitCode).as(() -> read(output)).isZero();
      return read(output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Starts a process that prints to a file. */
  Process start(String master, Class<?> main, List<String> arguments, Path output)
      throws IOException {
    return start(command(master, main, arguments), "127.0.0.1", Redirect.to(output.toFile()));
  }

  /** Starts a process whose output is for the caller to read. */
  Process start(String master, Class<?> main, List<String> arguments) throws IOException {
    return start(command(master, main, arguments), "127.0.0.1", Redirect.PIPE);
  }

  private List<String> command(String master, Class<?> main, List<String> arguments) {
    List<String> command = java("-Xmx1g", "org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", master, "--class", main.getName()));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(jar.toString());
    command.addAll(arguments);
    return command;
  }

  /** Runs something while a master and workers of two cores, as processes, wait for it. */
  String runOnWorkers(List<String> hosts, Class<?> main, List<String> arguments) throws Exception {
    try (var cluster = new StandaloneCluster(this, temporary)) {
      for (String host : hosts) {
        cluster.startWorker(host, 2);
      }
      return run(cluster.master(), main, arguments);
    }
  }

  /** Starts a part of Spark's standalone cluster as a process that prints to a file. */
  Process startSpark(String part, String host, Path output, String... arguments)
      throws IOException {
    List<String> command = java("-Xmx512m", "org.apache.spark.deploy." + part, arguments);
    return start(command, host, Redirect.to(output.toFile()));
  }

  /** Returns a port that nobody listens at. */
  public static String freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  /** Returns the command that runs a main class with Spark on the class path. */
  private List<String> java(String heap, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "scripts", "java-options").toAbsolutePath().normalize());
    command.add("-Dlog4j2.configurationFile=" + Path.of("..", "scripts", "log4j2.properties"));
    command.addAll(List.of(heap, "-cp", classPath, main));
    command.addAll(List.of(arguments));
    return command;
  }

  private Process start(List<String> command, String host, Redirect output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", sparkHome(classPath).toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", host);
    return builder.redirectErrorStream(true).redirectOutput(output).start();
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
  private static Path sparkHome(String classPath) throws IOException {
    String name = classPath.equals(CLASS_PATH) ? "spark-of-tests" : "spark-alone-of-tests";
    Path home = Path.of("target", name).toAbsolutePath();
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
  private static Path emptyJar(Path temporary) throws IOException {
    Path jar = temporary.resolve("empty.jar");
    new JarOutputStream(Files.newOutputStream(jar)).close();
    return jar;
  }
}
