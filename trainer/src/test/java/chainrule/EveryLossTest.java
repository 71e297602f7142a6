package chainrule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import chainrule.data.Column;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.data.Schema;
import chainrule.math.JavaKernels;
import chainrule.ml.ChainruleRegressor;
import chainrule.model.ModelFile;
import chainrule.nn.Loss;
import chainrule.nn.OutputFunction;
import chainrule.onnx.OnnxModel;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import chainrule.train.shard.InMemoryTable;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names the places that a loss needs beside its own class and formula. */
class EveryLossTest {
  /** One of each class that implements {@link Loss}; hyperparameters are doubles. */
  static Stream<Loss> everyLoss() {
    return Loss.KINDS.keys().stream().map(key -> Loss.KINDS.make(key, name -> 0.5));
  }

  /** Trains on labels that are no, two or three classes, whichever the loss is for. */
  private static List<TrainedModel> models(String key) {
    List<TrainedModel> models = new ArrayList<>();
    for (int classes : new int[] {0, 2, 3}) {
      Column label = classes == 0 ? Column.numeric("y") : Column.categorical("y");
      var schema = new Schema(List.of(Column.numeric("x")), label, "");
      List<RawRow> rows =
          IntStream.range(0, 12)
              .mapToObj(
                  i -> {
                    double[] x = {i};
                    return classes == 0
                        ? RawRow.withNumericLabel(x, new String[0], i + 0.5, 1)
                        : RawRow.withTextLabel(x, new String[0], "c" + i % classes, 1);
                  })
              .toList();
      TrainingSettings settings =
          TrainingSettings.builder().loss(Setting.of(key)).epochs(Setting.of(1)).build();
      var table = new InMemoryTable(schema, rows, new JavaKernels(), 1);
      try {
        models.add(new Trainer(settings, TrainingListener.NONE).train(table).model());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("Invalid loss");
      }
    }
    return models;
  }

  @ParameterizedTest
  @MethodSource("everyLoss")
  void isKnownWhereverItIsMetByItsKey(Loss loss) {
    assertThat(loss.formula()).as("the formula of %s, for trace", loss.key()).isNotBlank();
    assertThatCode(() -> TrainingSettings.builder().loss(Setting.of(loss.key())).build())
        .as("LossKeys.make needs a setting for each component of %s", loss.key())
        .doesNotThrowAnyException();
    List<TrainedModel> models = models(loss.key());
    assertThat(models).as("%s fits no label; see Loss.labels", loss.key()).isNotEmpty();
    assertThatCode(() -> new ChainruleRegressor().setLoss(loss.key()))
        .as("TrainingParams must take its keys from Loss.KINDS")
        .doesNotThrowAnyException();
    for (TrainedModel model : models) {
      assertThat(model.loss().getClass())
          .as("LossKeys makes another for %s", loss.key())
          .isEqualTo(loss.getClass());
      assertThat(ModelFile.of(ModelFile.toBytes(model)).loss())
          .as("ModelFile has to read and write %s", loss.key())
          .isEqualTo(model.loss());
      assertThatCode(() -> OnnxModel.toBytes(model))
          .as("PredictionGraph has to export %s", loss.key())
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @MethodSource("everyLoss")
  void keepsTheScaleOfLabelsWhoseLogarithmIsLearnt(Loss loss) {
    for (TrainedModel model : models(loss.key())) {
      if (model.encoder().label() instanceof LabelEncoding.Scale scale) {
        boolean standardized = scale.mean() != 0;
        assertThat(standardized)
            .as("Trainer.scale standardizes labels for %s", loss.key())
            .isEqualTo(loss.outputFunction() == OutputFunction.IDENTITY);
      }
    }
  }

  @Test
  void everyImplementationIsAKindOrCustom() {
    Stream<String> losses =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("chainrule")
                .stream()
                .filter(type -> type.isAssignableTo(Loss.class) && !type.isInterface())
                .map(JavaClass::getName);
    assertThat(everyLoss().map(loss -> loss.getClass().getName()))
        .as("A loss of the library belongs in the permits clause of Loss or ElementwiseLoss")
        .containsExactlyInAnyOrderElementsOf(losses.toList());
  }
}
