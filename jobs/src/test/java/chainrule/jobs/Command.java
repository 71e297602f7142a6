package chainrule.jobs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Runs a command in this JVM, on the one Spark that all tests share. */
public final class Command {
  /** What a command printed and returned. */
  public record Result(int exitCode, String out, String err) {}

  private Command() {}

  public static Result run(Job job, List<String> arguments) {
    return run(job, arguments.toArray(new String[0]));
  }

  public static Result run(Job job, String... arguments) {
    session();
    PrintStream out = System.out;
    PrintStream err = System.err;
    var capturedOut = new ByteArrayOutputStream();
    var capturedErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(capturedOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(capturedErr, true, StandardCharsets.UTF_8));
      int exitCode = Job.execute(job, arguments);
      return new Result(
          exitCode,
          capturedOut.toString(StandardCharsets.UTF_8),
          capturedErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.sql.shuffle.partitions", 2)
        .getOrCreate();
  }
}
