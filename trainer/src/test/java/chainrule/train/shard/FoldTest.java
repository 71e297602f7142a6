package chainrule.train.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chainrule.data.Column;
import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.math.Seeds;
import chainrule.train.Examples;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrainingReport;
import chainrule.train.settings.Setting;
import chainrule.train.settings.TrainingSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldTest {
  /** A summary of so many rows, whose split keys are {@code Seeds.mix(i)}. */
  private static TableSummary summary(int rows) {
    var summary = new TableSummary(List.of(Column.numeric("y")));
    RawRow row = RawRow.withNumericLabel(new double[] {1}, new String[0], 1, 1);
    for (int i = 0; i < rows; i++) {
      summary.add(row, Seeds.mix(i));
    }
    return summary;
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "3, 3", "103, 5", "104, 7", "20000, 3", "20001, 3", "50000, 10"})
  void everyRowIsInOneFoldAndFoldsAreEquallyLarge(int rows, int folds) {
    TableSummary summary = summary(rows);
    int[] sizes = new int[folds];
    List<Placement> placements =
        IntStream.range(0, folds)
            .mapToObj(fold -> summary.placement(5, new Fold(fold, folds)))
            .toList();
    for (int i = 0; i < rows; i++) {
      int in = 0;
      for (int fold = 0; fold < folds; fold++) {
        if (placements.get(fold).isValidation(Seeds.mix(i))) {
          sizes[fold]++;
          in++;
        }
      }
      assertThat(in).as("folds of row %d", i).isEqualTo(1);
    }
    for (int size : sizes) {
      double mean = (double) rows / folds;
      // Above 20,000 rows by probability: five deviations.
      double tolerance = rows <= Placement.EXACT_SPLIT_ROWS ? 1 : 5 * Math.sqrt(mean);
      assertThat((double) size).isBetween(mean - tolerance, mean + tolerance);
    }
  }

  @Test
  void theFirstFoldIsTheValidationPartOfItsFraction() {
    TableSummary summary = summary(1000);
    assertThat(summary.placement(5, new Fold(0, 4))).isEqualTo(summary.placement(5, 0.25));
  }

  @Test
  void trainingHoldsTheFoldOutAndDoesNotTrainAgain() {
    List<RawRow> rows = Examples.xor(103);
    InMemoryTable table = Examples.table(Examples.CLASSES, rows);
    TrainingSettings settings =
        TrainingSettings.builder()
            .network(Examples.hidden(3))
            .epochs(Setting.of(2))
            .validationFraction(Setting.of(0.0))
            .build();
    var trainer = new Trainer(settings, TrainingListener.NONE);
    long held = 0;
    for (int fold = 0; fold < 5; fold++) {
      TrainingReport report = trainer.holdingOut(new Fold(fold, 5)).train(table).report();
      assertThat(report.trainingRows() + report.validationRows()).isEqualTo(103);
      assertThat(report.plan().refit()).isFalse();
      held += report.validationRows();
    }
    assertThat(held).isEqualTo(103);
  }

  @Test
  void refusesFoldsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Fold(0, 1))
        .withMessage("Invalid folds: 1 (must be >= 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Fold(3, 3))
        .withMessage("Invalid fold: 3 (must be from 0 to 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> summary(3).placement(1, new Fold(0, 4)))
        .withMessage("Invalid folds: 4 (must be at most 3, the rows there are)");
  }
}
