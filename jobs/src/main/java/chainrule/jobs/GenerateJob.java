package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationKeys;
import chainrule.jobs.output.Console;
import chainrule.spark.SyntheticTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code generate}: writes a synthetic table of any size, for scale tests. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a synthetic table of any size, in parallel. The label depends on the features, so a",
      "network can learn it."
    },
    footer = {
      "",
      "Examples: scripts/chainrule generate path=out/million rows=1000000",
      "          scripts/chainrule generate conf/reference.conf path=out/t rows=1000"
    })
public final class GenerateJob extends SparkJob {
  private static final List<String> FORMATS = List.of("parquet", "csv");

  /** The group of the keys that this command reads. */
  private static final String GROUP = "generate.";

  /** Rows of a file if {@code generate.partitions} is auto. */
  private static final long ROWS_PER_FILE = 1_000_000;

  @Parameters(
      arity = "1..*",
      paramLabel = "[CONF] key=value...",
      completionCandidates = ConfigurationKeys.class,
      hideParamSyntax = true,
      description =
          "a configuration file, which is optional, and keys; rows=1000 means generate.rows=1000")
  private List<String> arguments = new ArrayList<>();

  public static void main(String[] args) {
    main(new GenerateJob(), args);
  }

  @Override
  Configuration configuration() {
    String first = arguments.get(0);
    boolean hasFile = !first.contains("=") || Files.isRegularFile(Path.of(first));
    List<String> overrides =
        arguments.stream().skip(hasFile ? 1 : 0).map(GenerateJob::withGroup).toList();
    return hasFile ? Configuration.load(first, overrides) : Configuration.of(overrides);
  }

  /** Completes a key that lacks its group: rows=1000 is generate.rows=1000. */
  private static String withGroup(String override) {
    String key = override.split("=", 2)[0].strip();
    return Configuration.keys().contains(GROUP + key) ? GROUP + override.strip() : override;
  }

  @Override
  void check(Configuration configuration) {
    table(configuration);
    partitions(configuration);
    configuration.text("generate.path");
    if (!FORMATS.contains(configuration.text("generate.format"))) {
      throw configuration.invalid("generate.format", "parquet or csv");
    }
  }

  @Override
  void run(Configuration configuration, SparkSession session) {
    String path = configuration.text("generate.path");
    boolean overwrite = configuration.flag("output.overwrite");
    PredictJob.requireFree(path, "generate.path", overwrite, session);
    SyntheticTable table = table(configuration);
    table
        .rows(session, partitions(configuration))
        .write()
        .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
        .format(configuration.text("generate.format"))
        .option("header", true)
        .save(path);
    Console.print("%d rows of %d columns written to %s", table.rows(), table.schema().size(), path);
  }

  private static SyntheticTable table(Configuration configuration) {
    double missing = configuration.number("generate.missing");
    int classes = configuration.integer("generate.classes", 0);
    if (!(missing >= 0 && missing < 1)) {
      throw configuration.invalid("generate.missing", ">= 0 and < 1");
    }
    if (classes == 1) {
      throw configuration.invalid("generate.classes", "0 (a number) or a whole number >= 2");
    }
    return new SyntheticTable(
        configuration.whole("generate.rows", 1),
        configuration.integer("generate.features", 0),
        configuration.integer("generate.categorical", 0),
        classes,
        missing,
        configuration.whole("generate.seed", Long.MIN_VALUE));
  }

  private static int partitions(Configuration configuration) {
    if (configuration.isGiven("generate.partitions")) {
      return configuration.integer("generate.partitions", 1);
    }
    long rows = configuration.whole("generate.rows", 1);
    return Math.toIntExact((rows + ROWS_PER_FILE - 1) / ROWS_PER_FILE);
  }
}
