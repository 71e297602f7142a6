package chainrule.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A question to the clock. Runs in a JVM of its own. */
interface Section {
  /**
   * Measures.
   *
   * @param report takes each result as soon as it is there
   */
  void run(Options options, Consumer<Result> report) throws IOException, InterruptedException;

  /** Returns the sections by name, in the order in which they run. */
  static Map<String, Section> all() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("kernels", new KernelSection());
    sections.put("core", new CoreSection());
    sections.put("training", new TrainingSection());
    sections.put("exchange", new ExchangeSection());
    sections.put("scaling", new ScalingSection());
    sections.put("loading", new LoadingSection());
    sections.put("memory", new MemorySection());
    sections.put("accuracy", new AccuracySection());
    sections.put("scoring", new ScoringSection());
    sections.put("model", new ModelSection());
    return sections;
  }
}
