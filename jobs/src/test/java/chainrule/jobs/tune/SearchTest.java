package chainrule.jobs.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.LabelEncoding;
import chainrule.jobs.TuneJob;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is tried, without training. */
class SearchTest {
  private static final String RATE = "tune.space.training.optimizer.learning-rate";
  private static final String RANGE_RULE =
      " (must be a list of values, or { from = 1e-4, to = 1e-2, scale = log } with numbers in"
          + " ascending order, scale linear or log (from > 0), whole = true or false, and for a"
          + " grid points = 2 or more)";

  @TempDir private Path temporary;
  private String file;

  @BeforeEach
  void writeFile() throws IOException {
    file =
        Files.writeString(
                temporary.resolve("run.conf"),
                "data { train = a.csv, label = y }\noutput.dir = out\n")
            .toString();
  }

  private Configuration configuration(String... overrides) {
    return Configuration.load(file, List.of(overrides));
  }

  private List<String> draws(String... overrides) {
    List<String> draws = new ArrayList<>();
    for (Map<String, ConfigValue> values : Search.of(configuration(overrides)).draws()) {
      draws.add(new Trial(1, values, List.of(), false, 0).overrides());
    }
    return draws;
  }

  @Test
  void aGridHasEveryCombinationAndTheLastNameChangesFastest() {
    assertThat(
            draws(
                "tune.space.training.epochs=[3, 2]",
                "tune.space.network.hidden=[[64], [128, 64]]",
                "tune.space.network.activation=[relu]"))
        .containsExactly(
            "network.activation=\"relu\" network.hidden=[64] training.epochs=3",
            "network.activation=\"relu\" network.hidden=[64] training.epochs=2",
            "network.activation=\"relu\" network.hidden=[128,64] training.epochs=3",
            "network.activation=\"relu\" network.hidden=[128,64] training.epochs=2");
  }

  @Test
  void aRangeOfAGridHasItsPointsEvenlyInItsScale() {
    assertThat(draws("tune.space.training.l2={from = 0, to = 1, points = 5}"))
        .containsExactly(
            "training.l2=0.0",
            "training.l2=0.25",
            "training.l2=0.5",
            "training.l2=0.75",
            "training.l2=1.0");
    assertThat(draws(RATE + "={from = 1e-4, to = 1e-2, scale = log, points = 3}"))
        .containsExactly(
            "training.optimizer.learning-rate=1.0E-4",
            "training.optimizer.learning-rate=0.001",
            "training.optimizer.learning-rate=0.01");
    assertThat(draws("tune.space.training.epochs={from = 1, to = 3, whole = true, points = 9}"))
        .containsExactly("training.epochs=1", "training.epochs=2", "training.epochs=3");
  }

  @Test
  void drawsAreAFunctionOfTheSeedAndMoreKeepTheFirst() {
    String range = RATE + "={from = 1e-4, to = 1e-2, scale = log}";
    String[] ten = {
      "tune.search=random", "tune.trials=10", range, "tune.space.training.epochs=[1, 2]"
    };
    String[] four = ten.clone();
    four[1] = "tune.trials=4";
    List<String> draws = draws(ten);
    assertThat(draws).hasSize(10).doesNotHaveDuplicates();
    assertThat(draws(ten)).isEqualTo(draws);
    assertThat(draws(four)).isEqualTo(draws.subList(0, 4));
    String[] other = {ten[0], ten[1], ten[2], ten[3], "tune.seed=2"};
    assertThat(draws(other)).doesNotContainAnyElementsOf(draws);
  }

  @Test
  void drawsOfARangeFillItInItsScale() {
    var search =
        Search.of(
            configuration(
                "tune.search=random",
                "tune.trials=2000",
                RATE + "={from = 1e-4, to = 1e-2, scale = log}",
                "tune.space.training.epochs={from = 1, to = 4, whole = true}"));
    int low = 0;
    int[] epochs = new int[5];
    for (Map<String, ConfigValue> values : search.draws()) {
      double rate =
          ((Number) values.get("training.optimizer.learning-rate").unwrapped()).doubleValue();
      assertThat(rate).isBetween(1e-4, 1e-2);
      low += rate < 1e-3 ? 1 : 0;
      epochs[((Number) values.get("training.epochs").unwrapped()).intValue()]++;
    }
    assertThat(low).isBetween(900, 1100); // four and a half deviations of 22
    assertThat(epochs[0]).isZero();
    for (int epoch = 1; epoch <= 4; epoch++) {
      assertThat(epochs[epoch]).as("epochs = %d", epoch).isBetween(400, 600); // five of 19
    }
  }

  @Test
  void drawsOfFewCombinationsAreAllOfThem() {
    assertThat(draws("tune.search=random", "tune.space.training.epochs=[1, 2, 3]"))
        .containsExactly("training.epochs=1", "training.epochs=2", "training.epochs=3");
    assertThat(draws("tune.search=random", "tune.trials=2", "tune.space.training.epochs=[1, 2, 3]"))
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.optimiser=[sgd] | (did you mean \"training.optimizer\"?)",
        "training.optimizer.tipe=[sgd] | (did you mean \"training.optimizer.type\"?)",
        "training.optimizer=[sgd] | ",
        "training.seed=[1, 2] | ",
        "training.engine=[tree] | ",
        "data.label=[a, b] | ",
        "epochs=[1] | (did you mean \"training.epochs\"?)"
      })
  void refusesKeysThatCannotBeTunedAndNamesTheNearest(String space, String suggestion) {
    String key = space.substring(0, space.indexOf('='));
    assertThatThrownBy(() -> draws("tune.space." + space))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "%s: Invalid key: tune.space.%s%s (must be a key of network or training that has a"
                + " value and changes the model)",
            file, key, suggestion == null ? "" : " " + suggestion);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.1 | 0.1",
        "{from = 1} | {\"from\":1}",
        "{from = 2, to = 1} | {\"from\":2,\"to\":1}",
        "{from = 0, to = 1, scale = log} | {\"from\":0,\"scale\":\"log\",\"to\":1}",
        "{from = 1, to = 2, scale = lin} | {\"from\":1,\"scale\":\"lin\",\"to\":2}",
        "{from = 1, to = 2, step = 1} | {\"from\":1,\"step\":1,\"to\":2}",
        "{from = 1, to = 2.5, whole = true} | {\"from\":1,\"to\":2.5,\"whole\":true}",
        "{from = 1, to = 2, points = 1} | {\"from\":1,\"points\":1,\"to\":2}"
      })
  void refusesValuesThatAreNoListAndNoRange(String value, String shown) {
    assertThatThrownBy(() -> draws(RATE + "=" + value))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(file + ": Invalid " + RATE + ": " + shown + RANGE_RULE);
  }

  private void assertRefused(String message, String... overrides) {
    assertThatThrownBy(() -> new TuneJob().check(configuration(overrides)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void refusesWhatMakesNoSearch() {
    assertRefused("Invalid tune.space: null (must be a group of keys)");
    assertRefused("Invalid tune.space: {} (must be a group of at least one key)", "tune.space={}");
    assertRefused("Invalid " + RATE + ": [] (must be a list of at least one value)", RATE + "=[]");
    assertRefused(
        "Invalid " + RATE + ": [1,1] (must be a list of values that differ)", RATE + "=[1, 1]");
    assertRefused(
        "Invalid "
            + RATE
            + ": {\"from\":1,\"to\":2} (must be a list, or a range with points = 2 or more, unless"
            + " tune.search = random)",
        RATE + "={from = 1, to = 2}");
    assertRefused(
        "Invalid tune.metric: \"loss\" (must be another metric if the loss itself is tuned)",
        "tune.metric=loss",
        "tune.space.training.label-smoothing=[0, 0.1]");
    assertRefused(
        "Invalid tune.folds: 5 (must be 0 with data.validation.path)",
        "tune.folds=5",
        "data.validation.path=b.csv",
        RATE + "=[1]");
    String hundred = "{from = 0.001, to = 1, points = 200}";
    assertThatThrownBy(() -> draws(RATE + "=" + hundred, "tune.space.training.l2=" + hundred))
        .hasMessageEndingWith(" (must be at most 10000 trials; or set tune.search = random)");
  }

  @Test
  void aTrialThatCannotBeIsRefusedBeforeAnyIsTrained() {
    assertRefused(
        "Invalid training.epochs: 0 (must be a whole number >= 1), in trial 2 of tune",
        "tune.space.training.epochs=[3, 0]");
    assertRefused(
        "Invalid network.hidden: 64 (must be a list of whole numbers >= 1, such as [128, 64]), in"
            + " trial 1 of tune",
        "tune.space.network.hidden=[64, 32]");
    assertRefused(
        "Invalid dropout for lbfgs: 0.5 (must be auto or 0: a line search needs the same loss each time), in trial"
            + " 2 of tune",
        "tune.space.training.optimizer.type=[adam, lbfgs]",
        "network.dropout=0.5");
  }

  @Test
  void knowsWhichMetricLabelsHave() {
    LabelEncoding two = LabelEncoding.Classes.of(List.of("a", "b"), false);
    LabelEncoding three = LabelEncoding.Classes.of(List.of("a", "b", "c"), false);
    Search automatic = Search.of(configuration(RATE + "=[1]"));
    Search auc = Search.of(configuration(RATE + "=[1]", "tune.metric=auc"));
    assertThat(automatic.metric(two)).isEqualTo("logLoss");
    assertThat(automatic.metric(new LabelEncoding.Scale(0, 1))).isEqualTo("rmse");
    assertThat(auc.metric(two)).isEqualTo("auc");
    var several = new LabelEncoding.Several(List.of("a", "b"), List.of(two, two));
    assertThat(automatic.metric(several)).isEqualTo("logLoss");
    assertThat(auc.metric(several)).isEqualTo("auc");
    assertThat(Search.isGreaterBetter("subsetAccuracy")).isTrue();
    assertThat(Search.isGreaterBetter("hammingLoss")).isFalse();
    assertThatThrownBy(() -> auc.metric(three))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid tune.metric: auc (must be auto or one of [loss, accuracy, logLoss, macroF1])");
  }

  @Test
  void ranksByTheMeanThenByNumberAndWhatDivergedLast() {
    Trial first = new Trial(1, Map.of(), List.of(0.5, 0.7), false, 1);
    Trial second = new Trial(2, Map.of(), List.of(0.1), true, 1);
    Trial third = new Trial(3, Map.of(), List.of(0.6, 0.6), false, 1);
    Trial fourth = new Trial(4, Map.of(), List.of(0.9, 0.1), false, 1);
    Trial fifth = new Trial(5, Map.of(), List.of(Double.NaN), false, 1);
    List<Trial> trials = List.of(fifth, fourth, third, second, first);
    assertThat(Trial.ranked(trials, false)).containsExactly(fourth, first, third, second, fifth);
    assertThat(Trial.ranked(trials, true)).containsExactly(first, third, fourth, second, fifth);
  }
}
