package chainrule.spark;

import chainrule.math.Check;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The safetensors format: eight bytes with the length of a JSON header (little endian), the header
 * with names, types, shapes and places of the tensors and a map of texts, then the numbers. Float32
 * only.
 *
 * <p>Sizes and places are checked against the bytes that are there before anything is allocated.
 *
 * <p>Immutable. Source: the format's description in the safetensors project.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "__metadata__";

  /** A named block of numbers, row-major. Owns its array. */
  public static final class Tensor {
    private final String name;
    private final List<Integer> shape;
    private final float[] values;

    /**
     * @throws IllegalArgumentException if the shape doesn't hold as many values
     */
    public Tensor(String name, List<Integer> shape, float[] values) {
      this.name = Objects.requireNonNull(name, "name");
      this.shape = List.copyOf(shape);
      this.values = values.clone();
      long count = 1;
      for (int size : shape) {
        Check.argument(size >= 0, "size of " + name, size, ">= 0");
        count = Math.multiplyExact(count, (long) size);
      }
      Check.argument(count == values.length, "shape of " + name, shape, values.length + " values");
    }

    public String name() {
      return name;
    }

    public List<Integer> shape() {
      return shape;
    }

    /** Returns a copy of the values. */
    public float[] values() {
      return values.clone();
    }
  }

  private final Map<String, String> metadata;
  private final Map<String, Tensor> tensors;

  public Safetensors(Map<String, String> metadata, List<Tensor> tensors) {
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    Map<String, Tensor> byName = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      boolean isNew = byName.put(tensor.name, tensor) == null;
      Check.argument(isNew && !tensor.name.equals(METADATA), "tensor", tensor.name, "a new name");
    }
    this.tensors = Collections.unmodifiableMap(byName);
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  /** Returns the tensors by name, in their order. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Returns the tensor of that name. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw Check.invalid("tensor", name, "one of " + tensors.keySet());
    }
    return tensor;
  }

  /** Returns the file's bytes. */
  public byte[] toBytes() {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode texts = header.putObject(METADATA);
    metadata.forEach(texts::put);
    long offset = 0;
    for (Tensor tensor : tensors.values()) {
      ObjectNode entry = header.putObject(tensor.name);
      entry.put("dtype", "F32");
      tensor.shape.forEach(entry.putArray("shape")::add);
      long end = offset + 4L * tensor.values.length;
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = paddedToEight(header.toString().getBytes(StandardCharsets.UTF_8));
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(8 + json.length + offset))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (Tensor tensor : tensors.values()) {
      for (float value : tensor.values) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }

  /** The numbers begin at a multiple of eight bytes; blanks end the header. */
  private static byte[] paddedToEight(byte[] json) {
    var padded = new ByteArrayOutputStream();
    padded.writeBytes(json);
    while (padded.size() % 8 != 0) {
      padded.write(' ');
    }
    return padded.toByteArray();
  }

  /**
   * Reads a file's bytes.
   *
   * @throws IllegalArgumentException if they are no such file, or a damaged one
   */
  public static Safetensors of(byte[] bytes) {
    if (bytes.length < 8) {
      throw invalid(bytes.length + " bytes", "at least 8 bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long headerLength = buffer.getLong();
    if (headerLength < 2 || headerLength > bytes.length - 8) {
      throw invalid("a header of " + headerLength + " bytes", "within the file's " + bytes.length);
    }
    JsonNode header = header(new String(bytes, 8, (int) headerLength, StandardCharsets.UTF_8));
    int start = 8 + (int) headerLength;
    Map<String, String> metadata = new LinkedHashMap<>();
    header
        .path(METADATA)
        .properties()
        .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
    List<Tensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        tensors.add(tensor(entry.getKey(), entry.getValue(), buffer, start));
      }
    }
    return new Safetensors(metadata, tensors);
  }

  private static JsonNode header(String json) {
    try {
      JsonNode header = JSON.readTree(json);
      if (!header.isObject()) {
        throw invalid("a header that is no object", "a JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw invalid("a header that is no JSON: " + e.getOriginalMessage(), "a JSON object");
    }
  }

  private static Tensor tensor(String name, JsonNode entry, ByteBuffer buffer, int start) {
    String type = entry.path("dtype").asText();
    if (!type.equals("F32")) {
      throw invalid("type " + type + " of tensor " + name, "F32");
    }
    long from = entry.path("data_offsets").path(0).asLong(-1);
    long to = entry.path("data_offsets").path(1).asLong(-1);
    if (from < 0 || to < from || to > buffer.capacity() - start || (to - from) % 4 != 0) {
      throw invalid("bytes " + from + " to " + to + " of tensor " + name, "within the file");
    }
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (JsonNode size : entry.path("shape")) {
      long value = size.asLong(-1);
      if (value < 0 || value > Integer.MAX_VALUE || (count *= value) > (to - from) / 4) {
        throw invalid("shape " + entry.path("shape") + " of tensor " + name, "that of its bytes");
      }
      shape.add((int) value);
    }
    if (count != (to - from) / 4) {
      throw invalid("shape " + entry.path("shape") + " of tensor " + name, "that of its bytes");
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.getFloat((int) (start + from + 4L * i));
    }
    return new Tensor(name, shape, values);
  }

  private static IllegalArgumentException invalid(String found, String expected) {
    return Check.invalid("safetensors file", found, expected);
  }
}
