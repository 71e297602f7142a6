package chainrule.jobs;

import chainrule.jobs.output.Console;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code completion}: prints the completion script of a shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints a shell script that completes commands, options and configuration keys.",
    footer = {
      "",
      "Example: source <(scripts/chainrule completion bash)",
      "         (in ~/.bashrc with the absolute path; in ~/.zshrc after compinit)"
    })
public final class CompletionJob extends Job {
  /** The supported shells. */
  enum Shell {
    bash,
    zsh
  }

  /** Bash adds a space after a word. A key ends with "=", and its value follows without a space. */
  private static final String KEYS =
      """
      _complete_chainrule_words() {
        _complete_chainrule "$@"
        [[ "${COMPREPLY[*]}" != *= ]] || compopt -o nospace
      }
      complete -F _complete_chainrule_words -o default chainrule
      """;

  @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell;

  public static void main(String[] args) {
    main(new CompletionJob(), args);
  }

  @Override
  public Integer call() {
    Console.print("%s", script(shell).stripTrailing());
    return 0;
  }

  /**
   * Returns the script. Zsh runs the same script in its emulation of bash, which has no compopt.
   */
  static String script(Shell shell) {
    String script = AutoComplete.bash("chainrule", Commands.line());
    return shell == Shell.bash ? script + KEYS : script;
  }
}
