package org.keyfleet.protocol.keytree.vectors;

import com.grack.nanojson.JsonWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** JSON for people: what holds no other array or object stands on one line. */
final class VectorJson {
  private VectorJson() {}

  /** Names and values by turns, in this order. */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  static String text(Object value) {
    return text(value, "") + "\n";
  }

  private static String text(Object value, String indent) {
    String deeper = indent + "  ";
    if (value instanceof Map<?, ?> map && map.values().stream().anyMatch(VectorJson::isNested)) {
      StringJoiner lines = new StringJoiner(",\n" + deeper, "{\n" + deeper, "\n" + indent + "}");
      map.forEach((name, field) -> lines.add("\"" + name + "\": " + text(field, deeper)));
      return lines.toString();
    }
    if (value instanceof Collection<?> list && list.stream().anyMatch(VectorJson::isNested)) {
      StringJoiner lines = new StringJoiner(",\n" + deeper, "[\n" + deeper, "\n" + indent + "]");
      list.forEach(element -> lines.add(text(element, deeper)));
      return lines.toString();
    }
    return JsonWriter.string(value);
  }

  private static boolean isNested(Object value) {
    return value instanceof Map || value instanceof Collection;
  }
}
