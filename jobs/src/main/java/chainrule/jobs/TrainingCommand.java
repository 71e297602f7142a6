package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.config.ServeAddress;
import chainrule.jobs.live.LiveRun;
import chainrule.jobs.live.LiveServer;
import chainrule.jobs.output.Console;
import chainrule.spark.MetricsPlugin;
import chainrule.train.DivergedException;
import chainrule.train.checkpoint.TrainingInterruptedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The common part of the commands that train: the live page and the metrics. */
abstract class TrainingCommand extends ConfiguredJob {
  @Option(
      names = "--serve",
      arity = "0..1",
      paramLabel = "[HOST:]PORT",
      preprocessor = Address.class,
      description = "serve a live page of the run (default port: any free one)")
  private Optional<String> serve = Optional.empty();

  /** Takes the next argument as the value only if it is an address: CONF may follow the option. */
  static final class Address implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> arguments,
        CommandSpec command,
        ArgSpec option,
        Map<String, Object> information) {
      // The separator is "=" for --serve=8080 and " " for --serve 8080.
      boolean attached = !" ".equals(information.get("separator"));
      boolean follows = !arguments.isEmpty() && ServeAddress.isAddress(arguments.peek());
      if (!attached && !follows) {
        arguments.push("0");
      }
      return false;
    }
  }

  /** Runs the command and updates the live page. */
  abstract void run(Configuration configuration, SparkSession session, LiveRun live);

  private LiveRun live;

  @Override
  public List<String> overrides() {
    List<String> overrides = new ArrayList<>(super.overrides());
    serve.ifPresent(address -> overrides.add("output.serve=\"" + address + '"'));
    return overrides;
  }

  @Override
  final void work(Configuration configuration) {
    live = new LiveRun(configuration);
    Optional<ServeAddress> address = new JobSettings(configuration).serve();
    if (address.isEmpty()) {
      super.work(configuration);
      return;
    }
    try (var server = LiveServer.start(address.get(), live)) {
      Console.print("Live page: %s", server.url());
      try {
        super.work(configuration);
      } catch (RuntimeException e) {
        live.fail(reason(e));
        throw e;
      }
    }
  }

  /** Returns a reason that the page may show: other messages may contain values of rows. */
  private static String reason(RuntimeException e) {
    if (e instanceof TrainingInterruptedException) {
      return "Stopped: the same command resumes from the last checkpoint";
    }
    return e instanceof DivergedException
        ? "Failed: " + e.getMessage()
        : "Failed: the output of the command has the reason";
  }

  /** Adds the plugin that reports training metrics to Spark, unless Spark runs already. */
  @Override
  final SparkSession.Builder builder() {
    boolean runs = SparkSession.getDefaultSession().isDefined();
    String plugins = new SparkConf().get("spark.plugins", "");
    return runs
        ? super.builder()
        : super.builder().config("spark.plugins", MetricsPlugin.appendedTo(plugins));
  }

  @Override
  final void run(Configuration configuration, SparkSession session) {
    run(configuration, session, live);
  }
}
