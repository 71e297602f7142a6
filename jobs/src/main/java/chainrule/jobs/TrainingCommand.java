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

/** What the commands share that train: they may be watched. */
abstract class TrainingCommand extends SparkJob {
  @Option(
      names = "--serve",
      arity = "0..1",
      paramLabel = "[HOST:]PORT",
      preprocessor = Address.class,
      description = "serve a page that shows the run, at any free port if none is given")
  private Optional<String> serve = Optional.empty();

  /** Takes what follows for the option's value only if it is one: the configuration may follow. */
  static final class Address implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> arguments,
        CommandSpec command,
        ArgSpec option,
        Map<String, Object> information) {
      // Of --serve=… picocli says "=", of a word of its own " ".
      boolean attached = !" ".equals(information.get("separator"));
      boolean follows = !arguments.isEmpty() && ServeAddress.isAddress(arguments.peek());
      if (!attached && !follows) {
        arguments.push("0");
      }
      return false;
    }
  }

  /** Does the work, and tells of it. */
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
      Console.print("The run shows itself at %s", server.url());
      try {
        super.work(configuration);
      } catch (RuntimeException e) {
        live.fails(reason(e));
        throw e;
      }
    }
  }

  /** Says what a page may: messages have what stands in rows. */
  private static String reason(RuntimeException e) {
    if (e instanceof TrainingInterruptedException) {
      return "Stopped: the same command goes on from what is kept";
    }
    return e instanceof DivergedException
        ? "Failed: " + e.getMessage()
        : "Failed: what the command printed says why";
  }

  /** Adds what tells Spark's metrics of trainings, unless Spark runs already. */
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
