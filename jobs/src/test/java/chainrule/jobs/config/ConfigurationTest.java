package chainrule.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  @TempDir private Path temporary;

  private String file;

  @BeforeEach
  void writeFile() throws IOException {
    file = write("run.conf", "data { train = a.csv, label = y }");
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(temporary.resolve(name), text).toString();
  }

  private Configuration load(String... overrides) {
    return Configuration.load(file, List.of(overrides));
  }

  private void assertRefused(String message, String... overrides) {
    assertThatThrownBy(() -> load(overrides))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @Test
  void takesWhatTheFileLeavesOutFromTheReference() {
    assertThat(load().text("data.label")).isEqualTo("y");
    assertThat(load().integers("network.hidden")).containsExactly(128, 64);
  }

  @Test
  void theLastOverrideCounts() {
    Configuration configuration = load("training.epochs=3", "data.label = z ", "training.epochs=4");
    assertThat(configuration.integer("training.epochs", 1)).isEqualTo(4);
    assertThat(configuration.text("data.label")).isEqualTo("z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://bucket/key.csv",
        "hdfs://host:8020/a.csv",
        "/tmp/a//b.csv",
        "/tmp/a#1.csv",
        "/tmp/*.csv",
        "/tmp/{a,b}.csv",
        "/tmp/a b.csv",
        "C:\\a.csv",
        "a=b.csv",
        "$HOME/a.csv"
      })
  void anOverriddenPathIsTakenAsItStands(String path) {
    assertThat(load("data.train=" + path).texts("data.train")).containsExactly(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "|", "#", ":"})
  void anOverriddenSeparatorIsTakenAsItStands(String separator) {
    assertThat(load("data.csv.separator=" + separator).text("data.csv.separator"))
        .isEqualTo(separator);
  }

  @Test
  void overridesMayBeListsGroupsAndNull() {
    Configuration configuration =
        load("network.hidden=[3, 4]", "training.optimizer={type=sgd}", "data.test=null");
    assertThat(configuration.integers("network.hidden")).containsExactly(3, 4);
    assertThat(configuration.text("training.optimizer.type")).isEqualTo("sgd");
    assertThat(configuration.has("data.test.path")).isFalse();
  }

  @Test
  void readsIncludesBesideTheFile() throws IOException {
    write("common.conf", "training.epochs = 7");
    file = write("with-include.conf", "include \"common.conf\"\ndata.label = y");
    assertThat(load().integer("training.epochs", 1)).isEqualTo(7);
  }

  @Test
  void aMissingFileIsNamed() {
    file = temporary.resolve("none.conf").toString();
    assertRefused("Cannot read " + file + ": there is no such file");
  }

  @Test
  void aFileThatIsNoHoconIsNamedWithItsLine() throws IOException {
    file = write("broken.conf", "data {\n  train = a.csv\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("Cannot read " + file + ": ")
        .hasMessageContaining("broken.conf: 3")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "training.epoch=3, training.epoch, training.epochs",
    "data.lable=y, data.lable, data.label",
    "trainning.epochs=3, trainning, training",
    "epochs=3, epochs, training.epochs",
    "training.learning-rate=1, training.learning-rate, training.optimizer.learning-rate"
  })
  void anUnknownKeyIsNamedWithTheNearest(String override, String unknown, String nearest) {
    assertRefused(
        file + ": Unknown key: " + unknown + " (did you mean \"" + nearest + "\"?)", override);
  }

  @Test
  void anUnknownKeyThatNoneIsNearIsNamedAlone() {
    assertRefused(file + ": Unknown key: colour", "colour=red");
  }

  @Test
  void aGroupIsNoValue() {
    assertRefused(
        file
            + ": Invalid training.early-stopping: 3 (must be a group with the keys [min-delta,"
            + " patience])",
        "training.early-stopping=3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"training.epochs", "=3", ""})
  void anArgumentWithoutAKeyOrAValueIsRefused(String argument) {
    assertRefused(
        "Invalid argument: \"" + argument + "\" (must be key=value, such as training.epochs=10)",
        argument);
  }

  @Test
  void autoIsNotGiven() {
    assertThat(load().isGiven("training.epochs")).isFalse();
    assertThat(load("training.epochs=auto").isGiven("training.epochs")).isFalse();
    assertThat(load("training.epochs=3").isGiven("training.epochs")).isTrue();
    assertThat(load().isGiven("data.weight")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807", "-9223372036854775808", "9007199254740993"})
  void aSeedKeepsAllItsDigits(String seed) {
    assertThat(load("training.seed=" + seed).whole("training.seed", Long.MIN_VALUE))
        .isEqualTo(Long.parseLong(seed));
  }

  @Test
  void numbersMustBeFinite() {
    Configuration configuration = load("training.l2=1e999");
    assertThatThrownBy(() -> configuration.number("training.l2"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(file + ": Invalid training.l2: ")
        .hasMessageEndingWith("(must be a finite number)");
  }
}
