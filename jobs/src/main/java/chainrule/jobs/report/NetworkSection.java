package chainrule.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** The network's layers, and what the run was made with. */
final class NetworkSection {
  private static final String GRADIENT =
      "Of the mean gradient of each pass's last step, before clipping. Lines far below the others are"
          + " of layers that hardly learn, lines that rise steeply of a training about to diverge.";
  private static final String WEIGHTS =
      "Of weights and biases at each pass's end. Lines that rise to the end ask for more"
          + " training.optimizer.weight-decay if the validation loss rises too.";

  private NetworkSection() {}

  static Section of(Evidence evidence, List<LayerProfile> layers) {
    List<JsonNode> fit = evidence.run().phase("fit");
    int members = evidence.model().network().members();
    Section section = new Section("network", "The network");
    section.say(
        String.format(
            "%s inputs after encoding, %s. Norms are roots of sums of squares%s. A unit is still if"
                + " its output is the same for all of the %s scored rows.",
            Texts.count(evidence.model().network().inputs()),
            Texts.counted(evidence.model().network().parameterCount(), "parameter"),
            members > 1 ? " over the " + members + " networks that are averaged" : "",
            Texts.count(evidence.rows().size())));
    Table table =
        Table.of(
            "Layers",
            ":layer",
            "parameters",
            "norm of weights",
            "root mean square",
            "greatest",
            "norm of biases",
            "still units");
    for (LayerProfile layer : layers) {
      table.row(
          layer.name(),
          Texts.count(layer.parameters()),
          Texts.number(layer.weightNorm()),
          Texts.number(layer.weightRms()),
          Texts.number(layer.greatest()),
          Texts.number(layer.biasNorm()),
          layer.units() == 0
              ? "–"
              : Texts.count(layer.dead()) + " of " + Texts.count(layer.units()));
    }
    section.show(table);
    norms(
        section,
        fit,
        layers,
        "gradientNorms",
        "Gradient by layer",
        "norm of the gradient",
        GRADIENT);
    norms(
        section, fit, layers, "parameterNorms", "Weights by layer", "norm of the weights", WEIGHTS);
    return section;
  }

  /** Adds a chart of norms by pass, of a run that noted them. */
  private static void norms(
      Section section,
      List<JsonNode> fit,
      List<LayerProfile> layers,
      String field,
      String title,
      String axis,
      String caption) {
    if (fit.isEmpty() || fit.get(0).path(field).size() != layers.size()) {
      return;
    }
    Chart chart = Chart.plane("pass", axis).logarithmic("y");
    double[] passes = RunFiles.column(fit, "/epoch");
    for (int i = 0; i < layers.size(); i++) {
      chart.line(
          (i + 1) + ": " + layers.get(i).name(),
          "run-" + i,
          passes,
          RunFiles.column(fit, "/" + field + "/" + i));
    }
    section.show(Figure.of(title, caption, chart));
  }

  static Section settings(RunFiles run) {
    Section section = new Section("settings", "Settings and versions");
    Table table = Table.of("What the run was made with", ":", ":");
    row(table, "seed", run.text("/seed"));
    row(table, "fingerprint of the data", run.text("/dataFingerprint"));
    row(table, "SHA-256 of the weights", run.text("/weightsSha256"));
    row(table, "loss", run.text("/loss"));
    row(table, "rows of a mini-batch", run.text("/batchSize"));
    row(table, "passes", run.text("/epochs"));
    row(table, "chosen pass", run.text("/bestEpoch"));
    row(table, "steps", run.text("/steps"));
    row(table, "networks averaged", run.text("/ensembleSize"));
    row(table, "logical shards", run.text("/shards"));
    row(table, "engine", run.text("/engine"));
    row(table, "kernels", run.text("/blas"));
    row(table, "CPU of the driver", run.text("/cpu"));
    row(table, "rows read", run.text("/rows/read"));
    row(table, "rows left out", run.text("/rows/dropped"));
    run.metrics()
        .path("versions")
        .properties()
        .forEach(
            version -> row(table, "version of " + version.getKey(), version.getValue().asText()));
    section.show(table);
    Table all = Table.of("Configuration, every key", ":key", ":value");
    for (Map.Entry<String, String> entry : run.configuration().entrySet()) {
      all.row(entry.getKey(), Texts.clipped(entry.getValue()));
    }
    return section.fold(all);
  }

  private static void row(Table table, String name, String value) {
    if (!value.isEmpty()) {
      table.row(name, Texts.clipped(value));
    }
  }
}
