package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Training on real executor processes. The timeout of each test detects a hang. */
@Timeout(240)
class ClusterTest {
  private static final Pattern RESULT = Pattern.compile("(?m)^scenario (\\S+): (.*)$");

  @TempDir private static Path temporary;

  @Test
  void executorsInSeparateProcessesGiveTheSameBits() throws Exception {
    var local = new RunFolder(temporary.resolve("local"));
    assertThat(Command.run(new TrainJob(), local.arguments("penguins.conf")).exitCode()).isZero();

    for (String engine : List.of("auto", "tree")) {
      var cluster = new RunFolder(temporary.resolve(engine));
      List<String> arguments = cluster.arguments("penguins.conf", "training.engine=" + engine);
      var submission = new Submission(temporary);
      assertThat(submission.run("local-cluster[2,1,1024]", TrainJob.class, arguments))
          .contains("written to " + cluster.path(""))
          .doesNotContain("Lost executor", "Exception"); // the application shuts down cleanly, too
      var expected = local.json("metrics.json");
      var metrics = cluster.json("metrics.json");
      assertThat(metrics.path("engine").asText())
          .isEqualTo(engine.equals("auto") ? "gang" : "tree");
      for (String key :
          List.of("weightsSha256", "dataFingerprint", "train", "validation", "test")) {
        assertThat(metrics.path(key)).as(key).isEqualTo(expected.path(key));
      }
    }
  }

  /** Returns the result of each scenario: the hash of the weights, or an error message. */
  private static Map<String, String> scenarios(
      Submission submission, String master, String... names) throws Exception {
    return results(submission.run(master, GangScenarios.class, arguments(16, names)), names);
  }

  private static List<String> arguments(int shards, String... names) {
    return List.of(
        String.join(",", names), RunFolder.shipped("concrete.conf"), Integer.toString(shards));
  }

  private static Map<String, String> results(String output, String... names) {
    Map<String, String> results = new TreeMap<>();
    Matcher matcher = RESULT.matcher(output);
    while (matcher.find()) {
      results.put(matcher.group(1), matcher.group(2));
    }
    assertThat(results.keySet()).as(output).containsExactlyInAnyOrder(names);
    results.put("output", output);
    return results;
  }

  /** Returns the output. */
  private static String assertAllEqual(Map<String, String> results) {
    String output = results.remove("output");
    String expected = results.get("undisturbed");
    assertThat(expected).as(output).hasSize(64);
    assertThat(results)
        .allSatisfy((name, hash) -> assertThat(hash).as(name + output).isEqualTo(expected));
    return output;
  }

  @Test
  void aGangGivesTheSameBitsAfterEachFault() throws Exception {
    var submission =
        new Submission(temporary)
            .with("spark.chainrule.silenceSeconds", "3")
            // With the tree engine, Spark itself must detect an executor that hangs.
            .with("spark.network.timeout", "15s")
            .with("spark.network.timeoutInterval", "2s")
            .with("spark.executor.heartbeatInterval", "2s")
            .with("spark.chainrule.driver.port", Submission.freePort());
    String output =
        assertAllEqual(
            scenarios(
                submission,
                "local-cluster[2,1,1024]",
                "undisturbed",
                "tree",
                "tree-executor-stopped",
                "task-throws-once",
                "executor-killed",
                "executor-stopped",
                "all-executors-killed",
                "two-at-once",
                "stranger",
                "executor-slow"));
    assertThat(output)
        .contains("a fault for once: training resumes from the last finished step")
        .contains("was lost: its connection closed")
        .contains("was lost: it sent no message for 3 s")
        .containsPattern("Refused a connection from /127.0.0.1:\\d+: wrong token")
        .containsPattern("Refused a connection from /127.0.0.1:\\d+: a message of 1073741824 bytes")
        .contains("faults: {\"executorsLost\":0,\"attemptsFailed\":0,\"stepsRepeated\":0,")
        .contains("faults: {\"executorsLost\":1,\"attemptsFailed\":1,\"stepsRepeated\":1,")
        .contains("faults: {\"executorsLost\":1,\"attemptsFailed\":0,") // with the tree engine
        .contains("faults: {\"executorsLost\":2,") // all executors, in one attempt
        .containsPattern("Executor \\d+ \\(\\S+\\) is slow: the others waited for it \\d+ %")
        .containsPattern(
            "\"slowExecutors\":\\[\\{\"executor\":\"\\d+ \\(\\S+\\)\",\"timesMedian\":")
        .containsPattern(
            "(?m)^Executor \\d+ \\(\\S+\\) took [0-9.]+ times as long as the others, which waited for it"
                + " \\d+ % of the time$");
  }

  @Test
  void theTreeTakesOverIfExecutorsCannotConnectToTheDriver() throws Exception {
    // The exchange listens at the driver's address, not at this other address of the machine.
    var submission =
        new Submission(temporary)
            .with("spark.chainrule.driver.host", "127.0.0.9")
            .with("spark.chainrule.driver.port", Submission.freePort())
            .with("spark.chainrule.slotsSeconds", "5")
            // Spark's status store may show running tasks only after the next heartbeat. The engine
            // must not depend on it, or it would report that no task could start.
            .with("spark.executor.heartbeatInterval", "60s");
    Map<String, String> results =
        scenarios(submission, "local-cluster[2,1,1024]", "unreachable", "unheard");
    assertThat(results.get("unheard")).hasSize(64).isEqualTo(results.get("unreachable"));
    String sentence =
        "Cannot train with the gang engine: executors cannot connect to the driver at 127\\.0\\.0\\.9:\\d+"
            + " \\(set spark\\.chainrule\\.driver\\.host and spark\\.chainrule\\.driver\\.port to an address"
            + " that the network allows, or use training\\.engine=tree\\)";
    String fallback = sentence + "; continuing with the tree engine";
    assertThat(results.get("output"))
        .containsPattern(
            "(?s)"
                + fallback
                + ".*\nscenario unreachable: .*"
                + fallback
                + ".*\nscenario unheard: ")
        .contains("engine auto was tree at the end")
        .containsPattern("\"fallbacks\":\\[\"" + sentence + "\"]")
        .containsPattern("(?m)^Continued with the tree engine\\. " + sentence + "$")
        .containsPattern("(?m)^gang: " + sentence + "$");
  }

  @Test
  void aGangWorksWithAuthenticationAndEncryption() throws Exception {
    var submission =
        new Submission(temporary)
            .with("spark.executor.memory", "768m")
            .with("spark.authenticate", "true")
            .with("spark.authenticate.secret", "a secret of this test")
            .with("spark.network.crypto.enabled", "true")
            .with("spark.chainrule.driver.port", Submission.freePort())
            .with("spark.chainrule.fanIn", "2");
    Path folder = temporary.resolve("secretive");
    String[] names = {"undisturbed", "stranger", "executor-killed", "command"};
    List<String> arguments = new ArrayList<>(arguments(16, names));
    arguments.add(folder.toString());
    String output =
        assertAllEqual(
            results(
                submission.run("local-cluster[3,1,768]", GangScenarios.class, arguments), names));
    assertThat(output)
        .contains("Expected SaslMessage")
        .containsPattern("Refused a connection from /127.0.0.1:\\d+: a message of 1073741824 bytes")
        .contains("training resumes from the last finished step")
        .doesNotContain("a secret of this test");
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> written = files.filter(Files::isRegularFile).toList();
      assertThat(written).extracting(file -> file.getFileName().toString()).contains("report.html");
      for (Path file : written) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("a secret of this test");
      }
    }
  }

  @Test
  void aGangStartsWithTheFreeSlots() throws Exception {
    var submission =
        new Submission(temporary)
            .with("spark.chainrule.quietSeconds", "2")
            .with("spark.chainrule.slotsSeconds", "3");
    String output =
        assertAllEqual(
            scenarios(
                submission, "local-cluster[2,1,1024]", "undisturbed", "slot-taken", "no-slots"));
    assertThat(output)
        .contains("1 of 2 tasks registered: training continues with 1 task")
        .contains("continuing with the tree engine")
        .contains("engine auto was tree at the end")
        .contains(
            "\"fallbacks\":[\"Cannot train with the gang engine: no task could start for 3 s");
  }

  @Test
  void aGangGrowsWithDynamicAllocation() throws Exception {
    var submission =
        new Submission(temporary)
            .with("spark.dynamicAllocation.enabled", "true")
            .with("spark.dynamicAllocation.shuffleTracking.enabled", "true")
            .with("spark.dynamicAllocation.minExecutors", "0")
            .with("spark.dynamicAllocation.initialExecutors", "0")
            .with("spark.dynamicAllocation.maxExecutors", "2")
            .with("spark.dynamicAllocation.executorIdleTimeout", "2s");
    String output =
        assertAllEqual(
            scenarios(
                submission,
                "local-cluster[2,1,1024]",
                "undisturbed",
                "count-executors",
                "executor-killed"));
    assertThat(output).contains("2 executors");
  }

  @Test
  void speculativeCopiesOfTasksWait() throws Exception {
    // Spark starts a copy only on another host, so there are two.
    var submission =
        new Submission(temporary)
            .with("spark.executor.cores", "2")
            .with("spark.speculation", "true")
            .with("spark.speculation.interval", "100ms")
            .with("spark.speculation.task.duration.threshold", "500ms");
    String[] names = {"undisturbed", "speculated"};
    String output =
        submission.runOnWorkers(
            List.of("127.0.0.1", "127.0.0.2"), GangScenarios.class, arguments(2, names));
    assertAllEqual(results(output, names));
    assertThat(output)
        .contains("there were copies")
        .doesNotContain("training resumes", "training continues");
  }
}
