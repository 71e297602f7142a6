package chainrule.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** The layers of the network, and the settings and versions of the run. */
final class NetworkSection {
  private static final String GRADIENT =
      "The norm of the mean gradient in the last step of each epoch, before clipping. A layer whose"
          + " line is far below the others hardly learns. A line that rises steeply may show that"
          + " the training is about to diverge.";
  private static final String WEIGHTS =
      "The norm of weights and biases at the end of each epoch. If lines and validation loss rise"
          + " until the end, try a larger training.optimizer.weight-decay.";

  private NetworkSection() {}

  static Section of(Evidence evidence, List<LayerProfile> layers) {
    List<JsonNode> fit = evidence.run().phase("fit");
    int members = evidence.model().network().members();
    Section section = new Section("network", "Network");
    section.addText(
        String.format(
            "%s inputs after encoding, %s. Norms are Euclidean (L2)%s. A unit is dead if its output"
                + " is the same for all %s scored rows.",
            Texts.count(evidence.model().network().inputs()),
            Texts.counted(evidence.model().network().parameterCount(), "parameter"),
            members > 1 ? " over all " + members + " members of the ensemble" : "",
            Texts.count(evidence.rows().size())));
    Table table =
        Table.of(
            "Layers",
            ":layer",
            "parameters",
            "weight norm",
            "weight RMS",
            "largest weight",
            "bias norm",
            "dead units");
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
    section.add(table);
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

  /** Adds a chart of norms by epoch, if the history has them. */
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
    Chart chart = Chart.plane("epoch", axis).logarithmic("y");
    double[] epochs = RunFiles.column(fit, "/epoch");
    for (int i = 0; i < layers.size(); i++) {
      chart.line(
          (i + 1) + ": " + layers.get(i).name(),
          "run-" + i,
          epochs,
          RunFiles.column(fit, "/" + field + "/" + i));
    }
    section.add(Figure.of(title, caption, chart));
  }

  static Section settings(RunFiles run) {
    Section section = new Section("settings", "Settings and versions");
    Table table = Table.of("Settings and versions", ":", ":");
    row(table, "seed", run.text("/seed"));
    row(table, "data fingerprint", run.text("/dataFingerprint"));
    row(table, "weights SHA-256", run.text("/weightsSha256"));
    row(table, "loss", run.text("/loss"));
    row(table, "batch size", run.text("/batchSize"));
    row(table, "epochs", run.text("/epochs"));
    row(table, "best epoch", run.text("/bestEpoch"));
    row(table, "steps", run.text("/steps"));
    row(table, "ensemble size", run.text("/ensembleSize"));
    row(table, "logical shards", run.text("/shards"));
    row(table, "engine", run.text("/engine"));
    row(table, "kernels", run.text("/blas"));
    row(table, "CPU of the driver", run.text("/cpu"));
    row(table, "rows read", run.text("/rows/read"));
    row(table, "rows dropped", run.text("/rows/dropped"));
    run.metrics()
        .path("versions")
        .properties()
        .forEach(
            version -> row(table, "version of " + version.getKey(), version.getValue().asText()));
    section.add(table);
    Table all = Table.of("Configuration, all keys", ":key", ":value");
    for (Map.Entry<String, String> entry : run.configuration().entrySet()) {
      all.row(entry.getKey(), Texts.clipped(entry.getValue()));
    }
    return section.addFolded(all);
  }

  private static void row(Table table, String name, String value) {
    if (!value.isEmpty()) {
      table.row(name, Texts.clipped(value));
    }
  }
}
