package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real executor processes: what local mode cannot show, such as what a closure drags along. */
class ClusterTest {
  @TempDir private Path temporary;

  @Test
  @Timeout(240)
  void executorsInProcessesOfTheirOwnGiveTheSameBits() throws Exception {
    var local = new RunFolder(temporary.resolve("local"));
    assertThat(Command.run(new TrainJob(), local.arguments("penguins.conf")).exitCode()).isZero();

    var cluster = new RunFolder(temporary.resolve("cluster"));
    assertThat(submit("local-cluster[2,1,1024]", cluster.arguments("penguins.conf")))
        .contains("written to " + cluster.path(""))
        .doesNotContain("Lost executor", "Exception"); // the end is orderly too
    var expected = local.json("metrics.json");
    var metrics = cluster.json("metrics.json");
    assertThat(metrics.path("engine").asText()).isEqualTo("tree");
    for (String key : List.of("weightsSha256", "dataFingerprint", "train", "validation", "test")) {
      assertThat(metrics.path(key)).as(key).isEqualTo(expected.path(key));
    }
  }

  /** Runs the training as spark-submit does and returns what it printed. */
  private String submit(String master, List<String> arguments) throws Exception {
    String classPath = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "scripts", "java-options").toAbsolutePath().normalize());
    command.addAll(List.of("-Xmx1g", "-cp", classPath, "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(List.of("--master", master, "--class", TrainJob.class.getName()));
    Map<String, String> settings =
        Map.of(
            "spark.ui.enabled", "false",
            "spark.executor.memory", "1024m",
            "spark.executor.extraClassPath", classes(classPath),
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1");
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(emptyJar().toString());
    command.addAll(arguments);

    Path output = temporary.resolve("output.txt");
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
      process.destroy();
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
    Path home = temporary.resolve("spark");
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
