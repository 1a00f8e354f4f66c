package org.keyfleet.gcks.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a TOML file that remembers which keys were asked for, so that {@link #done} can
 * refuse the others. Every fault names file and line.
 */
final class StrictTable {
  private final String file;
  private final String name;
  private final int line;
  private final TomlTable table;
  private final TreeSet<String> known = new TreeSet<>();

  StrictTable(String file, String name, int line, TomlTable table) {
    this.file = file;
    this.name = name;
    this.line = line;
    this.table = table;
  }

  Optional<String> text(String key) throws SettingsException {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    throw fault(key, "wants a text in quotes");
  }

  String text(String key, String otherwise) throws SettingsException {
    return text(key).orElse(otherwise);
  }

  String needText(String key) throws SettingsException {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      throw missing(key);
    }
    return value.get();
  }

  long number(String key, long min, long max, long otherwise) throws SettingsException {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long number && number >= min && number <= max) {
      return number;
    }
    throw fault(key, "wants a whole number from " + min + " to " + max);
  }

  int integer(String key, int min, int max, int otherwise) throws SettingsException {
    return (int) number(key, min, max, otherwise);
  }

  boolean flag(String key, boolean otherwise) throws SettingsException {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw fault(key, "wants true or false");
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) throws SettingsException {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String spelled = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (spelled.equals(value.get())) {
        return constant;
      }
      names.add(spelled);
    }
    throw fault(key, "wants one of " + String.join(", ", names));
  }

  List<String> texts(String key, List<String> otherwise) throws SettingsException {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof TomlArray array) {
      for (Object element : array.toList()) {
        if (element instanceof String text && !text.isBlank()) {
          texts.add(text);
        } else {
          throw fault(key, "wants a list of texts in quotes");
        }
      }
      return List.copyOf(texts);
    }
    throw fault(key, "wants a list of texts in quotes");
  }

  /** The table under {@code key}; one without any key when the file does not have it. */
  StrictTable table(String key) throws SettingsException {
    Object value = value(key);
    if (value == null) {
      return new StrictTable(file, under(key), line, org.tomlj.Toml.parse(""));
    }
    if (value instanceof TomlTable child) {
      return new StrictTable(file, under(key), lineOf(key), child);
    }
    throw fault(key, "wants a table [" + under(key) + "]");
  }

  Optional<StrictTable> optionalTable(String key) throws SettingsException {
    return table.contains(List.of(key)) ? Optional.of(table(key)) : Optional.ofNullable(skip(key));
  }

  List<StrictTable> tables(String key) throws SettingsException {
    Object value = value(key);
    List<StrictTable> tables = new ArrayList<>();
    if (value == null) {
      return tables;
    }
    if (value instanceof TomlArray array) {
      for (Object element : array.toList()) {
        if (!(element instanceof TomlTable child)) {
          throw fault(key, "wants tables [[" + under(key) + "]]");
        }
        tables.add(new StrictTable(file, under(key), firstLine(child, lineOf(key)), child));
      }
      return tables;
    }
    throw fault(key, "wants tables [[" + under(key) + "]]");
  }

  /** The keys of a table whose keys are names of the operator's own choice. */
  List<String> freeKeys() {
    known.addAll(table.keySet());
    return List.copyOf(table.keySet());
  }

  /** Refuses the table when it holds a key that nobody asked for. */
  void done() throws SettingsException {
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        throw new SettingsException(
            at(lineOf(key))
                + "unknown key '"
                + key
                + "'"
                + place()
                + "; known keys: "
                + String.join(", ", known));
      }
    }
  }

  SettingsException fault(String key, String what) {
    return new SettingsException(at(lineOf(key)) + key + place() + " " + what);
  }

  private SettingsException missing(String key) {
    return new SettingsException(at(line) + "key '" + key + "'" + place() + " is missing; add it");
  }

  private @Nullable Object value(String key) {
    known.add(key);
    return table.get(List.of(key));
  }

  private @Nullable StrictTable skip(String key) {
    known.add(key);
    return null;
  }

  private String place() {
    return name.isEmpty() ? "" : " in [" + name + "]";
  }

  private String under(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private String at(int where) {
    return where > 0 ? file + ":" + where + ": " : file + ": ";
  }

  private int lineOf(String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? line : position.line();
  }

  private static int firstLine(TomlTable table, int otherwise) {
    int first = Integer.MAX_VALUE;
    for (String key : table.keySet()) {
      TomlPosition position = table.inputPositionOf(List.of(key));
      if (position != null) {
        first = Math.min(first, position.line());
      }
    }
    return first == Integer.MAX_VALUE ? otherwise : first;
  }
}
