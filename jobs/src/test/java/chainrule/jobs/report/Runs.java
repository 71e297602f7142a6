package chainrule.jobs.report;

import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.model.PermutationImportance;
import chainrule.nn.Activation;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.NetworkSettings;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small runs without Spark or files, for pages about them. */
final class Runs {
  private static final TrainingSettings SETTINGS =
      TrainingSettings.builder()
          .network(
              new NetworkSettings(
                  List.of(6), Activation.RELU, Setting.auto(), Setting.of(0.0), Setting.auto()))
          .epochs(Setting.of(8))
          .build();

  private Runs() {}

  /** Trains on the rows, and looks at some of them. */
  static Evidence evidence(Schema schema, List<RawRow> rows, String part, List<RawRow> looked) {
    var table = new InMemoryTable(schema, rows, new JavaKernels(), 1);
    Trainer.Outcome outcome = new Trainer(SETTINGS, TrainingListener.NONE).train(table);
    var importance = new PermutationImportance(outcome.model(), looked, new JavaKernels());
    List<PermutationImportance.Rise> rises =
        IntStream.range(0, schema.features().size())
            .mapToObj(column -> importance.rise(column, 2, 1))
            .toList();
    boolean classes = !schema.label().isNumeric();
    return new Evidence(
        run("run", classes, 0.9, List.of(0.9, 0.5, 0.4, 0.45), schema.label().name()),
        outcome.model(),
        outcome.report().statistics(),
        part,
        looked.size(),
        looked,
        new Evidence.Importance(rises, looked.size(), 2, 0),
        new JavaKernels());
  }

  /** Makes the files of a run that chose the third of four epochs. */
  static RunFiles run(
      String name, boolean classes, double quality, List<Double> losses, String label) {
    String metrics =
        classes
            ? String.format(
                Locale.ROOT,
                "{\"loss\":0.3,\"accuracy\":%s,\"logLoss\":0.31,\"macroF1\":0.8}",
                quality)
            : String.format(
                Locale.ROOT, "{\"loss\":0.3,\"rmse\":%s,\"mae\":2.5,\"r2\":0.8}", quality);
    String json =
        String.format(
            "{\"task\":\"%s\",\"engine\":\"gang\",\"blas\":\"java\",\"seed\":1,\"shards\":2,"
                + "\"rows\":{\"read\":300,\"dropped\":0,\"train\":300,\"validation\":45,\"test\":60},"
                + "\"ensembleSize\":1,\"parameters\":40,\"batchSize\":32,\"epochs\":4,"
                + "\"bestEpoch\":3,\"refit\":true,\"steps\":70,\"trainSeconds\":2.5,"
                + "\"rowsPerSecond\":1234.5,\"dataFingerprint\":\"f\",\"weightsSha256\":\"%s\","
                + "\"loss\":\"half-mse\",\"train\":%s,\"validation\":%s,\"test\":%s,"
                + "\"versions\":{\"spark\":\"4\"}}",
            classes ? "classification" : "regression", name.hashCode(), metrics, metrics, metrics);
    String history =
        IntStream.range(0, losses.size())
            .mapToObj(i -> line("fit", i + 1, losses.get(i), classes))
            .collect(Collectors.joining("\n"));
    history += "\n" + line("refit", 1, 0.8, classes) + "\n";
    String configuration =
        "{\"data\":{\"label\":"
            + quoted(label)
            + ",\"train\":\"/somewhere/rows.csv\"},\"training\":{\"epochs\":"
            + losses.size()
            + "},\"output\":{\"dir\":\"out\"}}";
    return RunFiles.of(name, json, history, configuration);
  }

  private static String line(String phase, int epoch, double loss, boolean classes) {
    String validation = "\"loss\":" + loss + (classes ? ",\"accuracy\":0.5" : ",\"rmse\":4");
    return String.format(
        Locale.ROOT,
        "{\"phase\":\"%s\",\"epoch\":%d,\"step\":%d,\"learningRate\":0.01,"
            + "\"train\":{\"loss\":%s},\"validation\":{%s},\"computeSeconds\":0.1,"
            + "\"exchangeSeconds\":0.05,\"rowsPerSecond\":1000,"
            + "\"gradientNorms\":[0.5,0.25],\"parameterNorms\":[2,1]}",
        phase,
        epoch,
        10 * epoch,
        loss,
        validation);
  }

  static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }
}
