package org.keyfleet.agent.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of TOML 1.0 that {@code agent.toml} needs, line by line: comments, tables, lists of
 * tables, bare keys; texts on one line, whole numbers, true and false. Everything else is an error
 * that names its line, as it would be for the key it belongs to. A parser for all of TOML costs a
 * device two megabytes for good (docs/decisions/0040).
 */
final class TomlReader {
  private static final int MAX_NAMES = 4;

  private final String file;
  private final TomlTable root = new TomlTable(1);
  private TomlTable current = root;
  private int number;

  private TomlReader(String file) {
    this.file = file;
  }

  /** Reads a text; {@code file} is its name in errors. */
  static TomlTable read(String file, String text) throws ConfigException {
    TomlReader reader = new TomlReader(file);
    int from = 0;
    while (from <= text.length()) {
      int end = text.indexOf('\n', from);
      int to = end < 0 ? text.length() : end;
      boolean carriageReturn = end > from && text.charAt(end - 1) == '\r';
      reader.line(text.substring(from, carriageReturn ? to - 1 : to));
      from = to + 1;
    }
    return reader.root;
  }

  private void line(String text) throws ConfigException {
    number++;
    TomlLine line = new TomlLine(file, number, text);
    if (line.atEnd()) {
      return;
    }
    if (line.take("[[")) {
      List<String> names = names(line);
      line.expect("]]");
      current = appended(names);
    } else if (line.take("[")) {
      List<String> names = names(line);
      line.expect("]");
      current = defined(names);
    } else {
      List<String> names = names(line);
      line.expect("=");
      put(names, line.value());
    }
    line.expectEnd();
  }

  private List<String> names(TomlLine line) throws ConfigException {
    List<String> names = new ArrayList<>();
    while (names.size() < MAX_NAMES) {
      names.add(line.name());
      if (!line.take(".")) {
        return names;
      }
    }
    throw wrong("a key has up to " + MAX_NAMES + " parts");
  }

  private void put(List<String> names, Object value) throws ConfigException {
    TomlTable table = current;
    for (String name : names.subList(0, names.size() - 1)) {
      if (table.get(name) == null) {
        table.put(name, TomlTable.dotted(number), number);
      }
      TomlTable next =
          table.get(name) instanceof TomlTable found && found.isDotted() ? found : null;
      if (next == null) {
        throw wrong("\"" + name + "\" is there already, in line " + table.lineOf(name));
      }
      table = next;
    }
    String key = names.get(names.size() - 1);
    if (!table.put(key, value, number)) {
      throw wrong("\"" + key + "\" is there twice, first in line " + table.lineOf(key));
    }
  }

  /** The table of a header {@code [a.b]}, which stands once. */
  private TomlTable defined(List<String> names) throws ConfigException {
    TomlTable parent = parentOf(names);
    String key = names.get(names.size() - 1);
    if (parent.get(key) == null) {
      parent.put(key, new TomlTable(number), number);
    }
    if (!(parent.get(key) instanceof TomlTable table) || !table.define()) {
      throw wrong("\"" + key + "\" is there already, in line " + parent.lineOf(key));
    }
    return table;
  }

  /** A new table of the list of a header {@code [[a.b]]}. */
  private TomlTable appended(List<String> names) throws ConfigException {
    TomlTable parent = parentOf(names);
    String key = names.get(names.size() - 1);
    if (parent.get(key) == null) {
      parent.put(key, new ArrayList<TomlTable>(), number);
    }
    List<TomlTable> list = listOf(parent.get(key));
    if (list == null) {
      throw wrong("\"" + key + "\" is there already, in line " + parent.lineOf(key));
    }
    TomlTable table = new TomlTable(number);
    list.add(table);
    return table;
  }

  private TomlTable parentOf(List<String> names) throws ConfigException {
    TomlTable table = root;
    for (String name : names.subList(0, names.size() - 1)) {
      if (table.get(name) == null) {
        table.put(name, new TomlTable(number), number);
      }
      Object value = table.get(name);
      TomlTable next = value == null ? null : TomlTable.lastOf(value);
      if (next == null) {
        throw wrong("\"" + name + "\" is no table");
      }
      table = next;
    }
    return table;
  }

  /** Only {@link #appended} makes lists, and only of tables. */
  @SuppressWarnings("unchecked")
  private static @Nullable List<TomlTable> listOf(@Nullable Object value) {
    return value instanceof List<?> list ? (List<TomlTable>) list : null;
  }

  private ConfigException wrong(String text) {
    return new ConfigException(file + ":" + number + ": " + text);
  }
}
