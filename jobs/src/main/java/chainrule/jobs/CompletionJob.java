package chainrule.jobs;

import chainrule.jobs.output.Console;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code completion}: what makes a shell complete commands, options and keys. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints the script by which a shell completes commands, options and keys.",
    footer = {
      "",
      "Example: source <(scripts/chainrule completion bash)",
      "         (in ~/.bashrc, with the whole path; in ~/.zshrc behind compinit)"
    })
public final class CompletionJob extends Job {
  /** The shells there are. */
  enum Shell {
    bash,
    zsh
  }

  /** Bash puts a blank behind a word, but behind a key comes its value. */
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

  /** One for both, which asks zsh for its emulation of bash; but that has no compopt. */
  static String script(Shell shell) {
    String script = AutoComplete.bash("chainrule", Commands.line());
    return shell == Shell.bash ? script + KEYS : script;
  }
}
