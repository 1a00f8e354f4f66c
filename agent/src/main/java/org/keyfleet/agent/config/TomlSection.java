package org.keyfleet.agent.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One table of a TOML file that remembers which keys were asked for, so that the others are errors:
 * a misspelt key must not fall back to a default in silence.
 */
final class TomlSection {
  private final String file;
  private final String path;
  private final int line;
  private final TomlTable table;
  private final Set<String> known = new HashSet<>();

  TomlSection(String file, String path, int line, TomlTable table) {
    this.file = file;
    this.path = path;
    this.line = line;
    this.table = table;
  }

  boolean has(String key) {
    known.add(key);
    return table.get(key) != null;
  }

  String text(String key) throws ConfigException {
    Optional<String> value = optionalText(key);
    if (value.isEmpty()) {
      throw missing(key);
    }
    return value.get();
  }

  Optional<String> optionalText(String key) throws ConfigException {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text) || text.isEmpty()) {
      throw wrong(key, "takes a text in quotes");
    }
    return Optional.of(text);
  }

  boolean flag(String key, boolean otherwise) throws ConfigException {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Boolean flag)) {
      throw wrong(key, "takes true or false");
    }
    return flag;
  }

  /** A whole number in {@code [min, max]}. */
  int number(String key, int min, int max, int otherwise) throws ConfigException {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Long number) || number < min || number > max) {
      throw wrong(key, "takes a whole number from " + min + " to " + max);
    }
    return number.intValue();
  }

  /** One of the {@code constants}, written in lower case with hyphens; the first by default. */
  <E extends Enum<E>> E choice(String key, E[] constants) throws ConfigException {
    Optional<String> text = optionalText(key);
    return text.isEmpty() ? constants[0] : constant(key, constants, text.get());
  }

  private <E extends Enum<E>> E constant(String key, E[] constants, String text)
      throws ConfigException {
    StringBuilder words = new StringBuilder();
    for (E constant : constants) {
      String word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (word.equals(text)) {
        return constant;
      }
      words.append(words.length() == 0 ? "\"" : ", \"").append(word).append('"');
    }
    throw wrong(key, "takes one of " + words);
  }

  Optional<TomlSection> optionalSection(String key) throws ConfigException {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof TomlTable child)) {
      throw wrong(key, "is a table: write [" + name(key) + "]");
    }
    return Optional.of(new TomlSection(file, name(key), lineOf(key), child));
  }

  TomlSection section(String key) throws ConfigException {
    Optional<TomlSection> section = optionalSection(key);
    if (section.isEmpty()) {
      throw new ConfigException(
          file + ":" + line + ": the table [" + name(key) + "] is missing; add it");
    }
    return section.get();
  }

  /** The tables of a [[key]] list, at least one and at most {@code max}. */
  List<TomlSection> sections(String key, int max) throws ConfigException {
    Object value = value(key);
    if (!(value instanceof List<?> list) || list.size() > max) {
      throw new ConfigException(
          file + ":" + lineOf(key) + ": write 1 to " + max + " tables [[" + name(key) + "]]");
    }
    List<TomlSection> sections = new ArrayList<>(list.size());
    for (Object element : list) {
      TomlTable child = (TomlTable) element; // the reader makes no other lists
      sections.add(new TomlSection(file, name(key), child.line(), child));
    }
    return sections;
  }

  /** Call after the last key was read. */
  void expectNoOtherKeys() throws ConfigException {
    for (String key : table.keys()) {
      if (!known.contains(key)) {
        throw new ConfigException(
            file + ":" + lineOf(key) + ": unknown key \"" + name(key) + "\"; delete or correct it");
      }
    }
  }

  ConfigException wrong(String key, String rule) {
    return new ConfigException(file + ":" + lineOf(key) + ": \"" + name(key) + "\" " + rule);
  }

  private ConfigException missing(String key) {
    return new ConfigException(
        file + ":" + line + ": the key \"" + name(key) + "\" is missing; add it");
  }

  private @Nullable Object value(String key) {
    known.add(key);
    return table.get(key);
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private int lineOf(String key) {
    return table.get(key) == null ? line : table.lineOf(key);
  }
}
