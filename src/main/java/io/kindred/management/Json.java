package io.kindred.management;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kindred.ring.NodeId;
import java.io.IOException;

/**
 * Writes and reads the pages. A reader of an older version skips fields that it does not know. A
 * node is {@code {"name": "node-1", "store": "1f3a"}}, the store in the hexadecimal that logs and
 * tables use.
 */
public final class Json {

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .registerModule(
              new SimpleModule("kindred")
                  .addSerializer(NodeId.class, new NodeIdWriter())
                  .addDeserializer(NodeId.class, new NodeIdReader()))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Json() {}

  /** One line of JSON in UTF-8. */
  public static byte[] bytes(Object page) {
    try {
      return MAPPER.writeValueAsBytes(page);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no page: " + page, e);
    }
  }

  /** Indented, for people. */
  public static String pretty(Object page) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(page);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no page: " + page, e);
    }
  }

  /**
   * Reads a page.
   *
   * @throws IOException where the bytes are not JSON or not that page
   */
  public static <T> T read(byte[] bytes, Class<T> page) throws IOException {
    return MAPPER.readValue(bytes, page);
  }

  private static final class NodeIdWriter extends StdSerializer<NodeId> {
    NodeIdWriter() {
      super(NodeId.class);
    }

    @Override
    public void serialize(NodeId id, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeStringField("name", id.name());
      json.writeStringField("store", Integer.toHexString(id.store()));
      json.writeEndObject();
    }
  }

  private static final class NodeIdReader extends StdDeserializer<NodeId> {
    NodeIdReader() {
      super(NodeId.class);
    }

    @Override
    public NodeId deserialize(JsonParser json, DeserializationContext context) throws IOException {
      JsonNode tree = json.readValueAsTree();
      return new NodeId(
          tree.path("name").asText(), Integer.parseInt(tree.path("store").asText(), 16));
    }
  }
}
