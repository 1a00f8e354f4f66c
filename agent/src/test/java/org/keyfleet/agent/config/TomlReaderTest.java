package org.keyfleet.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TomlReaderTest {
  @Test
  void tablesListsAndDottedKeys() throws Exception {
    TomlTable root =
        TomlReader.read(
            "f", "a.b = 1\r\n[t] # c\n x=true\n[[l]]\nn = 'one'\n[l.sub]\ny = -2\n[[l]]\n[t.u]\n");
    assertEquals(1L, table(root.get("a")).get("b"));
    assertEquals(true, table(root.get("t")).get("x"));
    assertTrue(table(root.get("t")).keys().contains("u"));
    List<?> list = (List<?>) Objects.requireNonNull(root.get("l"));
    assertEquals(2, list.size());
    assertEquals("one", table(list.get(0)).get("n"));
    assertEquals(-2L, table(table(list.get(0)).get("sub")).get("y"));
    assertEquals(8, table(list.get(1)).line());
    assertEquals(3, table(root.get("t")).lineOf("x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"\"|``",
        "\"a # b\" # c|a # b",
        "'C:\\x'|C:\\x",
        "\"\\\"\\\\\\u00e9\\U0001F511\"|\"\\é\uD83D\uDD11"
      })
  void texts(String written, String value) throws Exception {
    assertEquals(value, TomlReader.read("f", "k = " + written).get("k"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k",
        "k =",
        "= 1",
        "k = 1 2",
        "k = \"a",
        "k = 'a",
        "k = \"a\" b",
        "k = \"\\x\"",
        "k = \"\\u12\"",
        "k = \"\\ud800\"",
        "k = \"\\UFFFFFFFF\"",
        "k = \"\"\"a\"\"\"",
        "k = 01",
        "k = 1.5",
        "k = 9999999999999999999",
        "k = yes",
        "k = [1]",
        "k = {}",
        "\"k\" = 1",
        "k = 1\nk = 2",
        "[a]\n[a]",
        "[[a]]\n[a]",
        "[a]\n[[a]]",
        "k = 1\n[k.a]",
        "k = 1\nk.a = 1",
        "[a",
        "[[a]",
        "[]",
        "[a] x",
        "a.b.c.d.e = 1",
        "k = \"\u0001\""
      })
  void everythingElseNamesItsLine(String text) {
    ConfigException fault =
        assertThrows(ConfigException.class, () -> TomlReader.read("f", "\n" + text));
    String message = String.valueOf(fault.getMessage());
    int line = 2 + (int) text.chars().filter(c -> c == '\n').count();
    assertTrue(message.startsWith("f:" + line + ": "), message);
    assertFalse(message.contains("\n"), message);
  }

  private static TomlTable table(@Nullable Object value) {
    return (TomlTable) Objects.requireNonNull(value);
  }
}
