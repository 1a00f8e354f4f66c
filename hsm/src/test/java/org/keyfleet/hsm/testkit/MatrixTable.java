package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The table back end x check out of what {@link CheckMatrix} left: printed, and written between two
 * marks of the manual.
 */
public final class MatrixTable {
  static final String BEGIN = "<!-- contract matrix: made by ./keyfleet test -->";
  static final String END = "<!-- end of contract matrix -->";

  /** The columns, in this order; further ones follow by name. */
  private static final List<String> FIRST =
      List.of("Soft", "SoftHsm", "Card", "Pcsc", "Tpm", "OpenCryptoki");

  private static final List<String> CONTRACTS =
      List.of("CustodyContract", "UnwrapContract", "IdentityContract", "FaultContract");

  /** Check to back end to cell. */
  private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

  private final TreeSet<String> backEnds = new TreeSet<>();

  private MatrixTable() {}

  /** With the directory of the results and, to be written to as well, the manual's page. */
  public static void main(String[] arguments) throws IOException {
    MatrixTable table = read(Path.of(arguments[0]));
    System.out.print("\ncustody contract, check x back end:\n\n" + table.markdown() + "\n");
    if (arguments.length > 1) {
      table.write(Path.of(arguments[1]));
    }
  }

  /** A page with a back end that was not tested here stays as it is. */
  private void write(Path page) throws IOException {
    String before = Files.readString(page);
    Set<String> untested = backEndsOf(before);
    untested.removeAll(backEnds);
    if (untested.isEmpty()) {
      Files.writeString(page, replaced(before, markdown()));
    } else {
      System.out.println(page + " stays as it is: not tested here: " + untested);
    }
  }

  /** The columns of the table in the page; none if there is no table yet. */
  static Set<String> backEndsOf(String page) {
    Set<String> names = new TreeSet<>();
    for (String head : lines(page).stream().limit(1).toList()) {
      names.addAll(List.of(head.split("[ |]+", -1)));
    }
    names.removeAll(Set.of("", "check"));
    return names;
  }

  /** The first cells of its rows, without parameters. */
  static Set<String> checksOf(String page) {
    Set<String> checks = new TreeSet<>();
    for (String line : lines(page).stream().skip(2).toList()) {
      checks.add(line.substring(2, line.indexOf(" |")).replaceFirst(",.*", ""));
    }
    return checks;
  }

  private static List<String> lines(String page) {
    String table = page.substring(page.indexOf(BEGIN), page.indexOf(END));
    return table.lines().filter(line -> line.startsWith("|")).toList();
  }

  static MatrixTable read(Path directory) throws IOException {
    MatrixTable table = new MatrixTable();
    for (String contract : CONTRACTS) {
      Map<String, Map<String, String>> part = new TreeMap<>();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(path -> isOf(path, contract)).toList()) {
          String backEnd = name(file).substring(0, name(file).indexOf('.'));
          table.backEnds.add(backEnd);
          for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("\t", 2);
            part.computeIfAbsent(fields[0], check -> new TreeMap<>()).put(backEnd, fields[1]);
          }
        }
      }
      table.rows.putAll(part);
    }
    return table;
  }

  /** The page with the table between its marks replaced. */
  static String replaced(String page, String table) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("the page has no marks for the table");
    }
    return page.substring(0, begin + BEGIN.length()) + "\n\n" + table + "\n" + page.substring(end);
  }

  String markdown() {
    List<String> reasons = new ArrayList<>();
    List<String> columns = columns();
    StringBuilder out = new StringBuilder("| check | ");
    out.append(String.join(" | ", columns)).append(" |\n|---|");
    out.append("---|".repeat(columns.size())).append('\n');
    rows.forEach(
        (check, cells) -> {
          out.append("| ").append(words(check));
          for (String backEnd : columns) {
            out.append(" | ").append(cell(cells.getOrDefault(backEnd, ""), reasons));
          }
          out.append(" |\n");
        });
    out.append('\n').append(counts()).append('\n');
    for (int i = 0; i < reasons.size(); i++) {
      out.append("\nNot offered (").append(i + 1).append("): ").append(reasons.get(i)).append('\n');
    }
    return out.toString();
  }

  private String counts() {
    List<String> counts = new ArrayList<>();
    for (String backEnd : columns()) {
      long passed = count(backEnd, CheckMatrix.PASSED);
      long notOffered = count(backEnd, CheckMatrix.NOT_OFFERED);
      counts.add(
          backEnd
              + " "
              + passed
              + " passed"
              + (notOffered > 0 ? ", " + notOffered + " not offered" : ""));
    }
    return rows.size() + " checks: " + String.join("; ", counts) + ".";
  }

  private long count(String backEnd, String result) {
    return rows.values().stream()
        .filter(cells -> cells.getOrDefault(backEnd, "").startsWith(result))
        .count();
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>(FIRST);
    columns.retainAll(backEnds);
    for (String backEnd : backEnds) {
      if (!FIRST.contains(backEnd)) {
        columns.add(backEnd);
      }
    }
    return Collections.unmodifiableList(columns);
  }

  private static String cell(String result, List<String> reasons) {
    if (!result.startsWith(CheckMatrix.NOT_OFFERED)) {
      return result.isEmpty() ? "not run" : result;
    }
    String reason = result.substring(result.indexOf('\t') + 1);
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
    return "- (" + (reasons.indexOf(reason) + 1) + ")";
  }

  /** Of keyThatPersists: key that persists. */
  static String words(String check) {
    int parameter = check.indexOf(',');
    String method = parameter < 0 ? check : check.substring(0, parameter);
    String rest = parameter < 0 ? "" : check.substring(parameter);
    String apart = method.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ");
    return apart.toLowerCase(Locale.ROOT) + rest;
  }

  private static boolean isOf(Path file, String contract) {
    return name(file).endsWith("." + contract + ".tsv");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
