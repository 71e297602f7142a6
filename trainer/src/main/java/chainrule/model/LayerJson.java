package chainrule.model;

import chainrule.math.Check;
import chainrule.nn.Activation;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Embedding;
import chainrule.nn.Layer;
import chainrule.nn.LayerNorm;
import chainrule.nn.LayerVisitor;
import chainrule.nn.Residual;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Layers in the JSON description of a model file: an object with a type and sizes for each. */
final class LayerJson {
  private LayerJson() {}

  /** Returns the description of a layer. */
  static ObjectNode describe(Layer layer) {
    return layer.accept(new Description());
  }

  private static final class Description implements LayerVisitor<ObjectNode> {
    private static ObjectNode node(String type) {
      return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    @Override
    public ObjectNode dense(Dense layer) {
      return node("dense")
          .put("inputs", layer.inputs())
          .put("outputs", layer.outputs())
          .put("activation", layer.activation().key());
    }

    @Override
    public ObjectNode dropout(Dropout layer) {
      return node("dropout")
          .put("units", layer.units())
          .put("rate", layer.rate())
          .put("salt", layer.salt());
    }

    @Override
    public ObjectNode layerNorm(LayerNorm layer) {
      return node("layer-norm")
          .put("units", layer.units())
          .put("activation", layer.activation().key());
    }

    @Override
    public ObjectNode embedding(Embedding layer) {
      ObjectNode node = node("embedding").put("dense", layer.dense());
      layer.rows().forEach(node.putArray("rows")::add);
      return node.put("size", layer.size());
    }

    @Override
    public ObjectNode residual(Residual layer) {
      ObjectNode node = node("residual");
      ArrayNode layers = node.putArray("layers");
      layer.layers().forEach(inner -> layers.add(describe(inner)));
      return node;
    }
  }

  /**
   * Returns the layers that an array describes.
   *
   * @throws IllegalArgumentException if a type is unknown or a size is missing or out of range
   */
  static List<Layer> layers(JsonNode nodes) {
    List<Layer> layers = new ArrayList<>();
    nodes.forEach(node -> layers.add(layer(node)));
    return layers;
  }

  private static Layer layer(JsonNode node) {
    return switch (JsonFields.text(node, "type")) {
      case "dense" ->
          new Dense(
              JsonFields.whole(node, "inputs"),
              JsonFields.whole(node, "outputs"),
              Activation.of(JsonFields.text(node, "activation")));
      case "dropout" ->
          new Dropout(
              JsonFields.whole(node, "units"),
              JsonFields.number(node, "rate"),
              JsonFields.whole(node, "salt"));
      case "layer-norm" ->
          new LayerNorm(
              JsonFields.whole(node, "units"), Activation.of(JsonFields.text(node, "activation")));
      case "embedding" ->
          new Embedding(
              JsonFields.whole(node, "dense"),
              JsonFields.wholes(node.path("rows")),
              JsonFields.whole(node, "size"));
      case "residual" -> new Residual(layers(node.path("layers")));
      default ->
          throw Check.invalid(
              "layer",
              JsonFields.text(node, "type"),
              "dense, dropout, layer-norm, embedding or residual");
    };
  }
}
