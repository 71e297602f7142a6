package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.ml.ChainruleRegressor;
import chainrule.nn.Activation;
import chainrule.nn.Loss;
import chainrule.optim.Optimizers;
import chainrule.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Names the texts and settings that a new activation, loss, optimizer or schedule lacks. */
class EveryKindTest {
  private static final String REFERENCE = "../conf/reference.conf";
  private static final String FROM_PYTORCH = "../trainer/src/site/markdown/from-pytorch.md";

  /** A part of a file, from one text to another, and the keys that it must list. */
  static Stream<Arguments> parts() {
    List<String> hidden =
        Arrays.stream(Activation.values())
            .filter(Activation::isElementwise)
            .map(Activation::key)
            .toList();
    return Stream.of(
        Arguments.of(REFERENCE, "activation = ", "output-activation = ", hidden),
        Arguments.of(REFERENCE, "# Classification: cross", "loss = auto", Loss.KINDS.keys()),
        Arguments.of(REFERENCE, "# type: sgd", "optimizer {", Optimizers.solverKeys()),
        Arguments.of(REFERENCE, "# The learning rate by", "schedule {", Schedule.KINDS.keys()),
        Arguments.of(FROM_PYTORCH, "## Activations", "## Initial weights", hidden),
        Arguments.of(FROM_PYTORCH, "## Losses", "## Activations", Loss.KINDS.keys()),
        Arguments.of(FROM_PYTORCH, "## Optimizers", "## Weights", Optimizers.solverKeys()),
        Arguments.of(FROM_PYTORCH, "## Optimizers", "## Weights", Schedule.KINDS.keys()));
  }

  @ParameterizedTest
  @MethodSource("parts")
  void isListedInTexts(String file, String from, String to, List<String> keys) throws IOException {
    String text = Files.readString(Path.of(file));
    int start = text.indexOf(from);
    String part = text.substring(start, text.indexOf(to, start + from.length()));
    assertThat(keys)
        .allSatisfy(
            key ->
                assertThat(Pattern.compile("(?<![\\w-])" + key + "(?![\\w-])").matcher(part))
                    .as("%s in %s at \"%s\"", key, file, from)
                    .matches(Matcher::find));
  }

  @Test
  void hasASettingForEachHyperparameter() throws IOException {
    String text = Files.readString(Path.of(REFERENCE));
    String optimizer = text.substring(text.indexOf("  optimizer {"), text.indexOf("  schedule {"));
    for (String name : Optimizers.hyperparameterNames()) {
      assertThat(optimizer).as("training.optimizer.%s", name).contains("    " + name + " = auto");
      String param =
          Pattern.compile("-(\\w)")
              .matcher(name)
              .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
      assertThat(new ChainruleRegressor().hasParam(param)).as("the param %s", param).isTrue();
    }
  }
}
