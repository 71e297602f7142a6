package chainrule.ml;

import chainrule.data.Column;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.Schema;
import chainrule.data.Task;
import chainrule.math.Check;
import chainrule.train.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.util.Identifiable$;

/**
 * A trained model as a {@code PipelineModel} that reads the table's own columns. Its stages are a
 * {@link TabularEncoderModel}, the network, and for classification an {@code IndexToString}, which
 * writes the class's name to column {@code predictedLabel}. With several labels, the network's
 * stage is a {@link ChainruleRegressionModel} whose predictions are vectors, or a {@link
 * ChainruleMultiLabelModel}.
 */
public final class TabularPipeline {
  private static final String FEATURES = "features";

  private TabularPipeline() {}

  /** Returns the pipeline of a model. */
  public static PipelineModel of(TrainedModel model) {
    List<Transformer> stages = new ArrayList<>();
    stages.add(
        new TabularEncoderModel(uid("tabularEncoderModel"), model.schema(), model.encoder()));
    if (model.encoder().label() instanceof LabelEncoding.Classes classes) {
      stages.add(
          new ChainruleClassificationModel(
              uid("chainruleClassificationModel"), ofVectors(model, indices(classes))));
      stages.add(
          new IndexToString()
              .setInputCol("prediction")
              .setOutputCol("predictedLabel")
              .setLabels(classes.names().toArray(new String[0])));
    } else if (model.encoder().label().task() == Task.CLASSIFICATION) {
      stages.add(
          new ChainruleMultiLabelModel(
              uid("chainruleMultiLabelModel"), ofVectors(model, ofIndices(model))));
    } else {
      stages.add(
          new ChainruleRegressionModel(
              uid("chainruleRegressionModel"), ofVectors(model, model.encoder().label())));
    }
    return new PipelineModel(uid("chainrule"), stages);
  }

  private static String uid(String prefix) {
    return Identifiable$.MODULE$.randomUID(prefix);
  }

  private static LabelEncoding indices(LabelEncoding.Classes classes) {
    return LabelEncoding.Classes.of(
        IntStream.range(0, classes.names().size()).mapToObj(Integer::toString).toList(), true);
  }

  /** Returns the same labels with their first class as 0 and their second as 1. */
  private static LabelEncoding ofIndices(TrainedModel model) {
    List<LabelEncoding> each = new ArrayList<>();
    for (LabelEncoding label : model.encoder().label().each()) {
      each.add(indices((LabelEncoding.Classes) label));
    }
    return new LabelEncoding.Several(model.schema().labelNames(), each);
  }

  /** Returns the same network for vectors that hold its inputs. */
  private static TrainedModel ofVectors(TrainedModel model, LabelEncoding label) {
    List<Column> columns = new ArrayList<>();
    List<Encoder.Numeric> numerics = new ArrayList<>();
    List<Integer> embedded = model.encoder().layout().embeddedSizes();
    int dense = model.network().inputs() - embedded.size();
    for (int i = 0; i < model.network().inputs(); i++) {
      String name = FEATURES + '[' + i + ']';
      columns.add(Column.numeric(name));
      // A missing index is replaced by that of unseen values.
      int imputed = i < dense ? 0 : embedded.get(i - dense) - 1;
      numerics.add(new Encoder.Numeric(name, 0, 1, imputed, false, false));
    }
    return new TrainedModel(
        new Schema(
            columns,
            label.count() == 1
                ? List.of(Column.numeric("label"))
                : model.schema().labelNames().stream().map(Column::numeric).toList(),
            ""),
        new Encoder(numerics, List.of(), label),
        model.network(),
        model.loss(),
        model.parameters());
  }

  /**
   * Returns the model of a pipeline that {@link #of} made.
   *
   * @throws IllegalArgumentException if another class made it
   */
  public static TrainedModel trained(PipelineModel pipeline) {
    Transformer[] stages = pipeline.stages();
    boolean ours =
        stages.length >= 2
            && stages[0] instanceof TabularEncoderModel
            && stages[1] instanceof ModelFolder.Saved;
    Check.argument(ours, "pipeline", pipeline.uid(), "one that training wrote");
    var encoder = (TabularEncoderModel) stages[0];
    TrainedModel network = ((ModelFolder.Saved) stages[1]).trained();
    return new TrainedModel(
        encoder.schema(),
        encoder.encoder(),
        network.network(),
        network.loss(),
        network.parameters());
  }
}
