package chainrule.bench;

import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The speed of each kernel on one thread, by JMH: 10⁹ operations a second. */
final class KernelSection implements Section {
  @Override
  public void run(Options options, Consumer<Result> report) {
    var jmh =
        new OptionsBuilder()
            .include(KernelBenchmark.class.getName())
            .forks(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .warmupIterations(options.quick() ? 1 : 3)
            .measurementIterations(options.quick() ? 2 : 5)
            .warmupTime(TimeValue.milliseconds(options.quick() ? 200 : 1000))
            .measurementTime(TimeValue.milliseconds(options.quick() ? 100 : 1000));
    if (options.quick()) {
      jmh.param("shape", "128x784x256");
    }
    try {
      for (RunResult result : new Runner(jmh.build()).run()) {
        report.accept(result(result));
      }
    } catch (RunnerException e) {
      throw new IllegalStateException("Cannot measure the kernels: " + e.getMessage(), e);
    }
  }

  private static Result result(RunResult result) {
    String kernels = result.getParams().getParam("kernels");
    String shape = result.getParams().getParam("shape");
    double operations = KernelBenchmark.operations(shape);
    List<Double> gigaflops =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .map(iteration -> operations / iteration.getPrimaryResult().getScore())
            .toList();
    String label = result.getPrimaryResult().getLabel() + " " + shape + " " + kernels;
    return Result.of("kernels", label, "GFLOPS", gigaflops);
  }
}
