package org.keyfleet.agent.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** The notes of a measured custody, one line each: pass, refused with the reason, or a remark. */
final class MeasuredNotes {
  private MeasuredNotes() {}

  static void print(Map<String, String> notes, PrintStream out) {
    new TreeMap<>(notes).forEach((name, note) -> print(name, note, out));
  }

  static void print(String name, String note, PrintStream out) {
    boolean refused = note.startsWith("CKR_") || note.equals("wrong") || note.contains(": ");
    String verdict = note.equals("right") ? "pass" : refused ? "refused" : "-";
    out.println(
        verdict.equals("pass")
            ? String.format("  %-8s %s", verdict, name)
            : String.format("  %-8s %s: %s", verdict, name, note));
  }
}
