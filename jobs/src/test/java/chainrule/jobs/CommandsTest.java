package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {
  @TempDir private Path temporary;

  static Stream<String> names() {
    return Commands.line().getSubcommands().keySet().stream();
  }

  private static Job program(String name) {
    return Commands.line().getSubcommands().get(name).getCommand();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCommandHasHelpWithAnExampleOfItself(String name) {
    Command.Result result = Command.run(program(name), "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("Usage: " + name + " ")
        .contains("--verbose", "--help")
        .contains("Exit codes\n    0   done\n", "  130   interrupted\n")
        .containsPattern("Examples?: .*scripts/chainrule " + name + " ");
    assertThat(result.out().lines().map(String::length)).allMatch(length -> length <= 100);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCommandHasAMainClassThatTheScriptFinds(String name) throws IOException {
    String simple = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Job";
    assertThat(program(name).getClass().getSimpleName()).isEqualTo(simple);
    String script = Files.readString(Path.of("..", "scripts", "chainrule"));
    assertThat(script).containsPattern("(?m)^  " + name + " +\\S.*$"); // in its usage
    assertThat(script).containsPattern("(?m)^  [a-z |]*\\b" + name + "\\b[a-z |]*\\)$");
  }

  /** What bash offers after these words, the last of which may be unfinished or empty. */
  private List<String> completions(String... words) throws IOException, InterruptedException {
    String test =
        CompletionJob.script(CompletionJob.Shell.bash)
            + """

            compopt() { printf 'compopt %s\\n' "$*"; } # bash has it while it completes, and not here
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _complete_chainrule_words
            printf '%s\\n' "${COMPREPLY[@]}"
            """;
    Path file = Files.writeString(temporary.resolve("complete.sh"), test);
    List<String> command = new ArrayList<>(List.of("bash", "--norc", file.toString()));
    command.addAll(List.of(words));
    Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(out).isZero();
    return out.lines().map(String::strip).filter(word -> !word.isEmpty()).toList();
  }

  @Test
  void bashCompletesCommandsOptionsAndKeys() throws IOException, InterruptedException {
    assertThat(completions("scripts/chainrule", ""))
        .containsExactlyInAnyOrderElementsOf(names().toList());
    assertThat(completions("scripts/chainrule", "exp")).containsExactly("export");
    assertThat(completions("scripts/chainrule", "export", "--"))
        .contains("--format", "--output", "--help")
        .doesNotContain("--master");
    assertThat(completions("scripts/chainrule", "export", "--format", "")).contains("onnx");
    assertThat(completions("scripts/chainrule", "train", "--")).contains("--master", "--conf");
    assertThat(completions("scripts/chainrule", "train", "a.conf", "training.early"))
        .containsExactlyInAnyOrder(
            "compopt +o default",
            "compopt -o nospace",
            "training.early-stopping.patience=",
            "training.early-stopping.min-delta=");
    assertThat(completions("scripts/chainrule", "train", "")).noneMatch(word -> word.endsWith("="));
    assertThat(completions("scripts/chainrule", "completion", "")).contains("bash", "zsh");
  }
}
