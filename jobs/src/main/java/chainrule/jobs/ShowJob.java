package chainrule.jobs;

import chainrule.jobs.output.Console;
import chainrule.jobs.output.OutputFolder;
import chainrule.jobs.output.RunResults;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code show}: prints a trained network and its metrics. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Prints the layers, columns with their encodings, metrics and files of a trained network.",
    footer = {
      "",
      "Examples: scripts/chainrule show out/penguins",
      "          scripts/chainrule show conf/penguins.conf --json"
    })
public final class ShowJob extends ModelCommand {
  @Option(names = "--json", description = "print JSON, with every column")
  private boolean json;

  public static void main(String[] args) {
    main(new ShowJob(), args);
  }

  @Override
  void run(OutputFolder folder) {
    ObjectNode summary = ModelSummary.of(folder);
    if (json) {
      Console.print("%s", RunResults.pretty(summary).stripTrailing());
      return;
    }
    for (String line : new ModelText(summary).lines()) {
      Console.print("%s", line);
    }
  }
}
