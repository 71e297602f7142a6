package chainrule.train.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
  @ParameterizedTest
  @CsvSource({"1,8", "2500,8", "2501,7", "5000,4", "10000,2", "10001,1", "1000000,1"})
  void averagesMoreNetworksOfFewerRows(long rows, int size) {
    assertThat(Recipe.ensembleSize(rows, false)).isEqualTo(size);
    assertThat(Recipe.ensembleSize(rows, true)).isOne();
  }

  // 24 · 2^5.5 = 1086.1, 24 · 2^6.5 = 2172.2, 24 · 2^7.5 = 4344.5
  @ParameterizedTest
  @CsvSource({
    "0, 32",
    "1, 32",
    "1086, 32",
    "1087, 64",
    "2172, 64",
    "2173, 128",
    "4344, 128",
    "4345, 256",
    "99999, 256",
    "100000, 1024",
    "1000000000000, 1024"
  })
  void growsBatchesWithTheRows(long rows, int batchSize) {
    assertThat(Recipe.batchSize(rows)).isEqualTo(batchSize);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 100",
    "1, 100",
    "9950, 100",
    "10051, 99",
    "16000, 63",
    "33000, 30",
    "40000, 30",
    "1000000000000, 30"
  })
  void takesFewerPassesOverMoreRows(long rows, int epochs) {
    assertThat(Recipe.epochs(rows)).isEqualTo(epochs);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.15", "5000, 0.15", "10000, 0.075", "50000, 0.015"})
  void dropsLessWithMoreRows(long rows, double dropout) {
    assertThat(Recipe.dropout(rows)).isCloseTo(dropout, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1, 2",
    "100, 1, 6",
    "256, 1, 16",
    "1000000, 0, 16",
    "1000000, 48, 16",
    "1000000, 49, 15",
    "1000000, 384, 2",
    "1000000, 5000, 2"
  })
  void givesEachNumberItsBins(long rows, int columns, int bins) {
    assertThat(Recipe.bins(rows, columns)).isEqualTo(bins);
    assertThat(Recipe.piecewise(columns)).isEqualTo(columns <= 384);
  }

  @ParameterizedTest
  @CsvSource({
    "19, 0, true",
    "20, 0.15, true",
    "20000, 0.15, true",
    "20001, 0.15, false",
    "39999, 0.15, false",
    "40000, 0.1, false"
  })
  void holdsRowsOutAndTrainsSmallTablesAgain(long rows, double fraction, boolean refit) {
    assertThat(Recipe.validationFraction(rows)).isEqualTo(fraction);
    assertThat(Recipe.refit(rows)).isEqualTo(refit);
  }
}
