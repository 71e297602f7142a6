package chainrule.model;

import chainrule.math.Check;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              // The header is bounded by the file; Jackson's own bound is 20 million characters.
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final String METADATA = "__metadata__";

  /** Bytes that are written or read at once. */
  private static final int CHUNK = 1 << 16;

  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final Comparator<Entry> BY_PLACE =
      Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to);

  /** A named block of numbers, row-major. Owns its array. */
  public static final class Tensor {
    private final String name;
    private final List<Integer> shape;
    private final float[] values;

    /**
     * @throws IllegalArgumentException if the shape doesn't hold as many values
     */
    public Tensor(String name, List<Integer> shape, float[] values) {
      this(name, values.clone(), shape);
    }

    private Tensor(String name, float[] owned, List<Integer> shape) {
      this.name = Objects.requireNonNull(name, "name");
      this.shape = List.copyOf(shape);
      this.values = owned;
      for (int size : shape) {
        Check.argument(size >= 0, "size of " + name, size, ">= 0");
      }
      Check.argument(
          product(shape) == values.length, "shape of " + name, shape, values.length + " values");
    }

    /** Makes a tensor of one dimension that shares the array, which nobody may change. */
    static Tensor sharing(String name, float[] values) {
      return new Tensor(name, values, List.of(values.length));
    }

    /** As a double, which is exact where it matters and cannot overflow into a number that fits. */
    private static double product(List<Integer> shape) {
      double product = 1;
      for (int size : shape) {
        product *= size;
      }
      return product;
    }

    public String name() {
      return name;
    }

    public List<Integer> shape() {
      return shape;
    }

    /** Returns the values, not a copy: only to be read. */
    float[] array() {
      return values;
    }

    /** Returns a copy of the values. */
    public float[] values() {
      return values.clone();
    }
  }

  private final Map<String, String> metadata;
  private final Map<String, Tensor> tensors;

  /**
   * Makes a file's contents; both keep their order.
   *
   * @throws IllegalArgumentException if two tensors have one name, or one has the metadata's
   */
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
    var bytes = new ByteArrayOutputStream();
    try {
      writeTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write to memory", e);
    }
    return bytes.toByteArray();
  }

  /** Writes the file's bytes; the stream stays open. */
  void writeTo(OutputStream out) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode texts = header.putObject(METADATA);
    metadata.forEach(texts::put);
    long offset = 0;
    for (Tensor tensor : tensors.values()) {
      ObjectNode entry = header.putObject(tensor.name);
      entry.put("dtype", "F32");
      tensor.shape.forEach(entry.putArray("shape")::add);
      long end = offset + (long) Float.BYTES * tensor.values.length;
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = paddedToEight(header.toString().getBytes(StandardCharsets.UTF_8));
    byte[] length = new byte[Long.BYTES];
    buffer(length).putLong(json.length);
    out.write(length);
    out.write(json);
    for (Tensor tensor : tensors.values()) {
      forEachChunk(tensor.values, out::write);
    }
  }

  /** What is done with some bytes. */
  interface Sink {
    void accept(byte[] bytes, int offset, int length) throws IOException;
  }

  /** Gives numbers as bytes, little endian, some at a time. */
  static void forEachChunk(float[] values, Sink sink) throws IOException {
    byte[] bytes = new byte[CHUNK];
    FloatBuffer floats = buffer(bytes).asFloatBuffer();
    for (int i = 0; i < values.length; i += CHUNK / Float.BYTES) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - i);
      floats.clear().put(values, i, count);
      sink.accept(bytes, 0, count * Float.BYTES);
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
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
    try {
      return read(new ByteArrayInputStream(bytes), bytes.length);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read from memory", e);
    }
  }

  /**
   * Reads a file from a stream, which stays open.
   *
   * @param length of the file, by which its sizes are checked
   * @throws IllegalArgumentException if it is no such file, or a damaged one
   * @throws IOException if the stream fails or ends too soon
   */
  static Safetensors read(InputStream in, long length) throws IOException {
    if (length < Long.BYTES) {
      throw invalid(length + " bytes", "at least 8 bytes");
    }
    long headerLength = buffer(readFully(in, Long.BYTES)).getLong();
    long behind = length - Long.BYTES;
    if (headerLength < 2 || headerLength > Math.min(behind, LONGEST_ARRAY)) {
      throw invalid("a header of " + headerLength + " bytes", "within the file's " + length);
    }
    JsonNode header = header(new String(readFully(in, (int) headerLength), StandardCharsets.UTF_8));
    long available = behind - headerLength;
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        entries.add(entry(entry.getKey(), entry.getValue(), available));
      }
    }
    requireGapless(entries, available);
    Map<String, Tensor> byName = new LinkedHashMap<>();
    for (Entry entry : entries.stream().sorted(BY_PLACE).toList()) {
      byName.put(entry.name, new Tensor(entry.name, readFloats(in, entry), entry.shape));
    }
    List<Tensor> tensors = entries.stream().map(entry -> byName.get(entry.name)).toList();
    return new Safetensors(metadata(header.path(METADATA)), tensors);
  }

  private static byte[] readFully(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("it ends too soon");
    }
    return bytes;
  }

  private static float[] readFloats(InputStream in, Entry entry) throws IOException {
    float[] values = new float[Math.toIntExact((entry.to - entry.from) / Float.BYTES)];
    for (int i = 0; i < values.length; i += CHUNK / Float.BYTES) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - i);
      buffer(readFully(in, count * Float.BYTES)).asFloatBuffer().get(values, i, count);
    }
    return values;
  }

  /** Where a tensor's bytes are, behind the header. */
  private record Entry(String name, List<Integer> shape, long from, long to) {}

  /** Throws unless every byte behind the header belongs to one tensor. */
  private static void requireGapless(List<Entry> entries, long available) {
    long at = 0;
    for (Entry entry : entries.stream().sorted(BY_PLACE).toList()) {
      if (entry.from != at) {
        throw invalid(
            "bytes " + entry.from + " to " + entry.to + " of tensor " + entry.name,
            "from " + at + ", where the tensor before it ends");
      }
      at = entry.to;
    }
    if (at != available) {
      throw invalid(available + " bytes behind the header", at + ", which its tensors have");
    }
  }

  private static Map<String, String> metadata(JsonNode node) {
    if (!node.isObject() && !node.isMissingNode()) {
      throw invalid("metadata " + node, "a map of texts");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isTextual()) {
        throw invalid("metadata " + entry.getKey() + " = " + entry.getValue(), "a text");
      }
      metadata.put(entry.getKey(), entry.getValue().asText());
    }
    return metadata;
  }

  /** Parses JSON that may have longer texts than Jackson's own bound. */
  static JsonNode parse(String json) throws JsonProcessingException {
    return JSON.readTree(json);
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

  private static Entry entry(String name, JsonNode entry, long available) {
    String type = entry.path("dtype").asText();
    if (!type.equals("F32")) {
      throw invalid("type " + type + " of tensor " + name, "F32");
    }
    JsonNode offsets = entry.path("data_offsets");
    if (!areWhole(offsets) || offsets.size() != 2) {
      throw invalid("data_offsets " + offsets + " of tensor " + name, "two whole numbers");
    }
    long from = offsets.path(0).asLong();
    long to = offsets.path(1).asLong();
    if (from < 0 || to < from || to > available || (to - from) % Float.BYTES != 0) {
      throw invalid("bytes " + from + " to " + to + " of tensor " + name, "within the file");
    }
    JsonNode sizes = entry.path("shape");
    boolean fits = areWhole(sizes);
    List<Integer> shape = new ArrayList<>();
    long values = (to - from) / Float.BYTES;
    for (JsonNode size : sizes) {
      fits = fits && size.canConvertToInt() && size.asInt() >= 0;
      shape.add(size.asInt());
    }
    if (values > LONGEST_ARRAY) {
      throw invalid(values + " values of tensor " + name, "at most " + LONGEST_ARRAY);
    }
    if (!fits || Tensor.product(shape) != values) {
      throw invalid("shape " + sizes + " of tensor " + name, "that of its " + values + " values");
    }
    return new Entry(name, shape, from, to);
  }

  private static boolean areWhole(JsonNode array) {
    boolean whole = array.isArray();
    for (JsonNode value : array) {
      whole &= value.isIntegralNumber() && value.canConvertToLong();
    }
    return whole;
  }

  private static IllegalArgumentException invalid(String found, String expected) {
    return Check.invalid("safetensors file", found, expected);
  }
}
