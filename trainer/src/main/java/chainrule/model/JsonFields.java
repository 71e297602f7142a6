package chainrule.model;

import chainrule.math.Check;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads fields of JSON that must be there. Errors: {@link IllegalArgumentException} naming one. */
final class JsonFields {
  private JsonFields() {}

  static String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.isTextual(), name, value, "a text");
    return value.asText();
  }

  static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : node) {
      Check.argument(value.isTextual(), "value", value, "a text");
      texts.add(value.asText());
    }
    return texts;
  }

  static double number(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.isNumber(), name, value, "a number");
    return value.asDouble();
  }

  static int whole(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.canConvertToInt() && value.isIntegralNumber(), name, value, "an integer");
    return value.asInt();
  }

  static List<Integer> wholes(JsonNode node) {
    List<Integer> wholes = new ArrayList<>();
    for (JsonNode value : node) {
      Check.argument(
          value.canConvertToInt() && value.isIntegralNumber(), "value", value, "an integer");
      wholes.add(value.asInt());
    }
    return wholes;
  }

  static boolean flag(JsonNode node, String name) {
    JsonNode value = node.path(name);
    Check.argument(value.isBoolean(), name, value, "true or false");
    return value.asBoolean();
  }

  static double[] numbers(JsonNode node) {
    double[] numbers = new double[node.size()];
    for (int i = 0; i < numbers.length; i++) {
      Check.argument(node.path(i).isNumber(), "value", node.path(i), "a number");
      numbers[i] = node.path(i).asDouble();
    }
    return numbers;
  }
}
