package chainrule.jobs;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All commands of scripts/chainrule, with the options of the script itself. Shell completion needs
 * them together.
 */
@Command(
    name = "chainrule",
    subcommands = {
      TrainJob.class,
      TuneJob.class,
      EvaluateJob.class,
      PredictJob.class,
      CompareJob.class,
      ShowJob.class,
      ExportJob.class,
      TraceJob.class,
      GenerateJob.class,
      CompletionJob.class
    })
final class Commands {
  private Commands() {}

  static CommandLine line() {
    var line = new CommandLine(new Commands());
    for (CommandLine command : line.getSubcommands().values()) {
      if (command.getCommand() instanceof SparkJob) {
        // Options that scripts/chainrule passes to spark-submit.
        for (String option : List.of("--master", "--conf", "--driver-memory")) {
          command
              .getCommandSpec()
              .addOption(OptionSpec.builder(option).arity("1").type(String.class).build());
        }
      }
    }
    return line.setUsageHelpWidth(Job.HELP_WIDTH);
  }
}
