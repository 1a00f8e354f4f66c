package org.keyfleet.benchmarks.demo;

import java.io.PrintStream;
import java.util.List;

/**
 * What the demonstration shows while it runs: the steps as they happen and one line a member, drawn
 * in place on a terminal. Without a terminal only the steps are printed.
 */
final class LiveTable {
  private static final String HEAD =
      String.format(
          "  %-10s %-9s %-9s %-9s %-12s %8s %7s %6s %11s",
          "member",
          "rekeys by",
          "custody",
          "token",
          "state",
          "join ms",
          "rekeys",
          "msg",
          "read/sent");
  private static final String GREEN = "\033[32m";
  private static final String RED = "\033[31m";
  private static final String YELLOW = "\033[33m";
  private static final String BOLD = "\033[1m";
  private static final String PLAIN = "\033[0m";

  private final PrintStream out;
  private final boolean terminal;
  private int drawnLines;
  private List<Row> rows = List.of();

  LiveTable(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A step begins. */
  void step(String text) {
    erase();
    out.println(bold("▸ ") + text);
    draw();
  }

  /** What came of the step. */
  void outcome(boolean good, String text) {
    erase();
    out.println("  " + (good ? coloured(GREEN, "✓ ") : coloured(RED, "✗ ")) + text);
    draw();
  }

  void show(List<Row> members) {
    erase();
    rows = List.copyOf(members);
    draw();
  }

  /** Draws the table a last time and leaves it standing. */
  void end() {
    erase();
    out.println();
    print();
    drawnLines = 0;
  }

  private void draw() {
    if (terminal && !rows.isEmpty()) {
      out.println();
      print();
      drawnLines = rows.size() + 2;
      out.flush();
    }
  }

  private void print() {
    out.println(bold(HEAD));
    for (Row row : rows) {
      String line =
          String.format(
              "  %-10s %-9s %-9s %-9s %s %8s %7d %6s %11s",
              row.id(),
              row.transport(),
              row.status().custody(),
              row.status().token(),
              state(row.status().state()),
              row.status().registeredMillis() < 0
                  ? "-"
                  : Long.toString(row.status().registeredMillis()),
              row.status().rekeysApplied(),
              row.status().lastMessageId() < 0 ? "-" : Long.toString(row.status().lastMessageId()),
              row.read() + "/" + row.sent());
      out.println(line);
    }
  }

  private String state(String state) {
    String padded = String.format("%-12s", state);
    return switch (state) {
      case "member" -> coloured(GREEN, padded);
      case "excluded", "refused" -> coloured(RED, padded);
      default -> coloured(YELLOW, padded);
    };
  }

  private void erase() {
    if (drawnLines > 0) {
      out.print("\033[" + drawnLines + "A\033[J");
      drawnLines = 0;
    }
  }

  private String bold(String text) {
    return coloured(BOLD, text);
  }

  private String coloured(String colour, String text) {
    return terminal ? colour + text + PLAIN : text;
  }
}
