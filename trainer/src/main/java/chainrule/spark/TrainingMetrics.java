package chainrule.spark;

import chainrule.train.TrainingListener;
import chainrule.train.history.EpochRecord;
import chainrule.train.history.Faults;
import chainrule.train.history.StepRecord;
import chainrule.train.sums.Metrics;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * A training's metrics in Spark's metrics system. Names and values are those of the history; an
 * unknown value is NaN, or 0 for counts.
 *
 * <ul>
 *   <li>of the phase: {@code refit} (1 during training again on all rows), the maximum {@code
 *       epochs} and {@code steps}, the finished {@code epoch} and {@code step}
 *   <li>of the last epoch: {@code learningRate}, {@code train.loss}, {@code validation.loss} and
 *       each other metric, {@code computeSeconds}, {@code exchangeSeconds}, {@code rowsPerSecond}
 *   <li>of steps: {@code step.loss} and {@code step.learningRate} of the last one, {@code rows} (a
 *       meter), {@code step.computeMicros} and {@code step.exchangeMicros} (histograms)
 *   <li>of the training: {@code faults.executorsLost}, {@code faults.attemptsFailed}, {@code
 *       faults.stepsRepeated}, {@code faults.secondsLost}, {@code faults.checkpointsFailed}, {@code
 *       faults.resumed}, {@code faults.slowExecutors}
 * </ul>
 *
 * <p>Threads: the training's thread writes, threads of sinks read each value separately.
 */
final class TrainingMetrics implements TrainingListener {
  private static final EpochRecord NO_EPOCH =
      new EpochRecord(
          EpochRecord.Phase.FIT,
          0,
          0,
          Double.NaN,
          Double.NaN,
          Metrics.none(),
          Double.NaN,
          Double.NaN,
          Double.NaN,
          EpochRecord.Norms.none());

  private static final StepRecord NO_STEP = new StepRecord(-1, Double.NaN, Double.NaN, 0, 0, 0);

  /** The values that are known when a phase begins. */
  private record Begun(EpochRecord.Phase phase, int epochs, long steps) {}

  private final MetricRegistry registry;
  private final Meter rows;
  private final Histogram computeMicros;
  private final Histogram exchangeMicros;
  private final Set<String> validationMetrics = new TreeSet<>();
  private volatile Supplier<Faults> faults = Faults::none;
  private volatile Begun begun = new Begun(EpochRecord.Phase.FIT, 0, 0);
  private volatile EpochRecord epoch = NO_EPOCH;
  private volatile StepRecord step = NO_STEP;

  TrainingMetrics(MetricRegistry registry) {
    this.registry = registry;
    this.rows = registry.meter("rows");
    this.computeMicros = registry.histogram("step.computeMicros");
    this.exchangeMicros = registry.histogram("step.exchangeMicros");
    gauge("refit", () -> begun.phase == EpochRecord.Phase.REFIT ? 1 : 0);
    gauge("epochs", () -> begun.epochs);
    gauge("steps", () -> begun.steps);
    gauge("epoch", () -> epoch.epoch());
    gauge("step", () -> Math.max(epoch.step(), step.step() + 1));
    gauge("learningRate", () -> epoch.learningRate());
    gauge("train.loss", () -> epoch.trainLoss());
    validation("loss");
    gauge("computeSeconds", () -> epoch.computeSeconds());
    gauge("exchangeSeconds", () -> epoch.exchangeSeconds());
    gauge("rowsPerSecond", () -> epoch.rowsPerSecond());
    gauge("step.loss", () -> step.loss());
    gauge("step.learningRate", () -> step.learningRate());
    fault("executorsLost", Faults::executorsLost);
    fault("attemptsFailed", Faults::attemptsFailed);
    fault("stepsRepeated", Faults::stepsRepeated);
    fault("secondsLost", Faults::secondsLost);
    fault("checkpointsFailed", Faults::checkpointsFailed);
    fault("resumed", known -> known.resumed().size());
    fault("slowExecutors", known -> known.slow().size());
  }

  private void gauge(String name, Gauge<? extends Number> gauge) {
    registry.register(name, gauge);
  }

  private void fault(String name, ToDoubleFunction<Faults> count) {
    gauge("faults." + name, () -> count.applyAsDouble(faults.get()));
  }

  /** Registers a validation metric; Spark's sinks also find metrics that are registered later. */
  private void validation(String name) {
    if (validationMetrics.add(name)) {
      gauge("validation." + name, () -> epoch.validation().values().getOrDefault(name, Double.NaN));
    }
  }

  @Override
  public void trainingStarted(Supplier<Faults> source) {
    faults = source;
  }

  @Override
  public void phaseStarted(EpochRecord.Phase phase, int epochs, long steps) {
    begun = new Begun(phase, epochs, steps);
    epoch = NO_EPOCH;
    step = NO_STEP;
  }

  @Override
  public void stepFinished(StepRecord finished) {
    step = finished;
    rows.mark(finished.rows());
    computeMicros.update(Math.round(finished.computeSeconds() * 1e6));
    exchangeMicros.update(Math.round(finished.exchangeSeconds() * 1e6));
  }

  @Override
  public synchronized void epochFinished(EpochRecord finished) {
    finished.validation().values().keySet().forEach(this::validation);
    epoch = finished;
  }
}
