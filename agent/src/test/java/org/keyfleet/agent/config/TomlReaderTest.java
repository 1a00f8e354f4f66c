package org.keyfleet.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/** Part of TOML 1.0: what is read is read as a parser for all of TOML reads it. */
class TomlReaderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n\n\t \n",
        "a = 1\nb=-17\nc = +3 # three\nd = 0\n",
        "a = true\r\nb = false\r\n",
        "t = \"a # no comment\" # a comment",
        "t = \"q\\\" b\\\\ t\\t n\\n r\\r \\u00fc \\U0001F511\"",
        "t = 'C:\\path \"as it stands\"'",
        "a.b.c = 1\na.b.d = 2\na.e = 3",
        "[a]\nx = 1\n[b]\nx = 2\n[a.c]\nx = 3\n",
        "[a.b]\nx = 1\n[a]\ny = 2\n",
        "[[g]]\nname = \"1\"\n[g.sub]\nx = 1\n[[g]]\nname = \"2\"\n",
        "[a.b]\nx = 1\n[[a.g]]\nx = 2\n",
        "a.b = 1\n[a.c]\nd = 2\n",
        "bare-key_1 = 1\n1234 = 2\n",
        "  [ a . b ]  # blanks\n  c  =  1\n",
      })
  void readsAsTomljDoes(String text) throws Exception {
    assertSame(text);
  }

  @Test
  void readsTheExampleAsTomljDoes() throws Exception {
    assertSame(ConfigReaderTest.example());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = 1\na = 2",
        "a = 1\na.b = 2",
        "a.b = 1\n[a]",
        "[a]\n[a]",
        "[a]\nb = 1\n[a.b]",
        "[a.b]\nx = 1\n[a]\nb.c = 1",
        "[[a]]\n[a]",
        "[a]\n[[a]]",
        "a.b.c.d. = 1",
        "a. = 1",
        "a = 01",
        "a = \"x",
        "a = 'x",
        "a = \"\\x\"",
        "a = \"\\ud800\"",
        "a = 1 2",
        "a =",
        "= 1",
        "[a",
        "[]",
        "a = \u0001",
        "a = 99999999999999999999",
      })
  void refusesWhatTomljRefuses(String text) {
    assertTrue(Toml.parse(text).hasErrors(), "it is TOML");
    assertRefused(text);
  }

  /** The rest of TOML: refused with the line, never read as something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = [1, 2]",
        "a = {b = 1}",
        "a = \"\"\"x\"\"\"",
        "a = '''x'''",
        "a = 1.5",
        "a = 0x10",
        "a = 1_000",
        "a = 2026-11-25",
        "\"quoted\" = 1",
        "a.b.c.d.e = 1",
      })
  void refusesTheRestOfToml(String text) {
    assertTrue(!Toml.parse(text).hasErrors(), "it is no TOML");
    assertRefused(text);
  }

  private static void assertRefused(String text) {
    String line = String.valueOf(text.chars().filter(c -> c == '\n').count() + 1);
    ConfigException refused =
        assertThrows(ConfigException.class, () -> TomlReader.read("x.toml", text));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("x.toml:" + line + ": "), text);
  }

  /** What ours reads, tomlj reads too, to the same values. */
  static void assertSame(String text) throws ConfigException {
    TomlTable ours = TomlReader.read("x.toml", text);
    TomlParseResult theirs = Toml.parse(text);
    assertEquals(List.of(), theirs.errors());
    assertSame(ours, theirs);
  }

  private static void assertSame(TomlTable ours, org.tomlj.TomlTable theirs) {
    assertEquals(ours.keys(), theirs.keySet());
    for (String key : ours.keys()) {
      Object value = ours.get(key);
      if (value instanceof TomlTable table) {
        assertSame(table, theirs.getTableOrEmpty(List.of(key)));
      } else if (value instanceof List<?> list) {
        TomlArray array = theirs.getArrayOrEmpty(List.of(key));
        assertEquals(list.size(), array.size());
        IntStream.range(0, list.size())
            .forEach(i -> assertSame((TomlTable) list.get(i), array.getTable(i)));
      } else {
        assertEquals(value, theirs.get(List.of(key)));
      }
    }
  }
}
