package org.keyfleet.agent.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table as it was read. A value is a {@code String}, {@code Long}, {@code Boolean}, a {@code
 * TomlTable}, or a {@code List} of tables.
 */
final class TomlTable {
  private record Entry(Object value, int line) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final int line;
  private final boolean dotted;
  private boolean defined;

  private TomlTable(int line, boolean dotted) {
    this.line = line;
    this.dotted = dotted;
    this.defined = dotted;
  }

  TomlTable(int line) {
    this(line, false);
  }

  /** One that a dotted key makes: only dotted keys go on with it. */
  static TomlTable dotted(int line) {
    return new TomlTable(line, true);
  }

  boolean isDotted() {
    return dotted;
  }

  /** The line that made it. */
  int line() {
    return line;
  }

  Set<String> keys() {
    return entries.keySet();
  }

  @Nullable Object get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  /** Where the key stands; {@link #line} of the table if it does not. */
  int lineOf(String key) {
    Entry entry = entries.get(key);
    return entry == null ? line : entry.line();
  }

  /** False when the key is there already. */
  boolean put(String key, Object value, int atLine) {
    return entries.putIfAbsent(key, new Entry(value, atLine)) == null;
  }

  /** False when a header has defined it before. */
  boolean define() {
    boolean first = !defined;
    defined = true;
    return first;
  }

  /** The last table of a list, which headers below it go on with. */
  static @Nullable TomlTable lastOf(Object value) {
    if (value instanceof TomlTable table) {
      return table;
    }
    return value instanceof List<?> list && list.get(list.size() - 1) instanceof TomlTable last
        ? last
        : null;
  }
}
