package org.keyfleet.benchmarks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each class, test and test method that docs/requirements.md names exists where it says. */
class RequirementsTest {
  private static final Map<String, String> FOLDERS =
      Map.of(
          "protocol", "protocol",
          "hsm", "hsm",
          "transport", "transport",
          "agent", "agent",
          "gcks", "gcks-lite");

  /** A module or nothing, then `Class` or `Class.method`. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:\\b(protocol|hsm|transport|agent|gcks) )?`([A-Z]\\w*)(?:\\.([a-z]\\w*))?`");

  private static final int MIN_ROWS = 150;

  private final Map<String, SourceNames> sources = new HashMap<>();

  private record Row(int line, String requirement, String keeper, String test) {
    /** What is said to be missing needs no test. */
    boolean excused() {
      return keeper.startsWith("-") || keeper.startsWith("**not kept**");
    }
  }

  @Test
  void namesExist() throws IOException {
    List<String> missing = new ArrayList<>();
    List<Row> rows = rows();
    assertTrue(rows.size() >= MIN_ROWS, rows.size() + " rows");
    for (Row row : rows) {
      missing.addAll(missing(row.line, row.keeper, "main"));
      missing.addAll(missing(row.line, row.test, "test"));
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyRequirementHasAKeeperAndATest() throws IOException {
    List<Integer> bare = new ArrayList<>();
    for (Row row : rows()) {
      boolean named = NAME.matcher(row.keeper).find() && NAME.matcher(row.test).find();
      if (row.requirement.isBlank() || !(named || row.excused())) {
        bare.add(row.line);
      }
    }
    assertEquals(List.of(), bare, "lines");
  }

  /** What stands in bold stands at the end too. */
  @Test
  void everyGapIsListed() throws IOException {
    String text = Files.readString(file());
    int end = text.indexOf("## Not kept");
    assertTrue(end > 0);
    String list = text.substring(end);
    for (Row row : rows()) {
      Matcher bold = Pattern.compile("\\*\\*(?:not kept|in part)\\*\\*(.*)").matcher(row.keeper);
      if (bold.find()) {
        Matcher name = NAME.matcher(row.keeper);
        boolean listed = false;
        while (name.find()) {
          listed |= list.contains("`" + name.group(2));
        }
        assertTrue(listed, "line " + row.line + ": " + row.keeper);
      }
    }
  }

  @Test
  void methodsAreToldFromCalls() throws IOException {
    SourceNames tests = sources("protocol", "test");
    assertTrue(tests.hasMethod("CookieTest", "comesBackFromTheSameInitiatorOnly"));
    assertFalse(tests.hasMethod("CookieTest", "assertTrue"));
    assertFalse(tests.hasClass("NoSuchTest"));
  }

  private List<String> missing(int line, String cell, String kind) throws IOException {
    List<String> missing = new ArrayList<>();
    Matcher name = NAME.matcher(cell);
    while (name.find()) {
      String module = name.group(1) == null ? "protocol" : name.group(1);
      String type = name.group(2);
      String method = name.group(3);
      SourceNames names = sources(module, kind);
      boolean there = method == null ? names.hasClass(type) : names.hasMethod(type, method);
      if (!there) {
        missing.add(
            "line " + line + ": " + module + " " + type + (method == null ? "" : "." + method));
      }
    }
    return missing;
  }

  private SourceNames sources(String module, String kind) throws IOException {
    String folder = FOLDERS.get(module) + "/src/" + kind + "/java";
    SourceNames names = sources.get(folder);
    if (names == null) {
      names = new SourceNames(Checkout.root().resolve(folder));
      sources.put(folder, names);
    }
    return names;
  }

  /** The rows of the tables with four columns, without their heads. */
  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    List<String> lines = Files.readAllLines(file());
    for (int i = 0; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(" ?\\| ?", -1);
      boolean head = cells.length > 1 && cells[1].matches("section|---");
      if (cells.length == 6 && !head) {
        rows.add(new Row(i + 1, cells[2], cells[3].strip(), cells[4].strip()));
      }
    }
    return rows;
  }

  private static Path file() throws IOException {
    return Checkout.root().resolve("docs/requirements.md");
  }
}
