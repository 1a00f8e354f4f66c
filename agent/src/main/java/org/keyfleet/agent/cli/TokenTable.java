package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@link TokenFindings} for people. */
final class TokenTable {
  private TokenTable() {}

  static void print(TokenFindings findings, PrintStream out) {
    JsonObject report = findings.report();
    out.println(
        "token " + report.getString("token", "") + ": custody level " + findings.level().name());
    if (findings.description().isPresent()) {
      out.println("found");
      DescribedToken.print(findings.description().get(), out);
    }
    out.println("proved, by known answers");
    MeasuredNotes.print(notes(report), out);
    out.println(
        "  roles of keys are enforced by "
            + (report.getBoolean("rolesEnforcedByToken", false) ? "the token" : "this program"));
    out.println("asked");
    if (findings.demands().isEmpty()) {
      out.println("  nothing: no configuration was read");
    }
    for (GroupDemand demand : findings.demands()) {
      boolean met = findings.level().meets(demand.level());
      out.println(
          String.format(
              "  %-8s group %s: %s, level %s at least",
              met ? "met" : "NOT MET", demand.group(), demand.asks(), demand.level()));
    }
    out.println("to change");
    List<String> changes = findings.changes();
    (changes.isEmpty() ? List.of("nothing") : changes).forEach(text -> out.println("  " + text));
    out.println("keys");
    keys(report.getArray("keys", new JsonArray()), out);
  }

  private static void keys(JsonArray keys, PrintStream out) {
    for (int i = 0; i < keys.size(); i++) {
      JsonObject key = keys.getObject(i);
      out.println(
          "  "
              + key.getString("name", "")
              + " "
              + key.getString("role", "")
              + " "
              + key.getString("lifetime", "")
              + " "
              + JsonWriter.string(key.getArray("flags")));
    }
  }

  private static Map<String, String> notes(JsonObject report) {
    JsonObject notes = report.getObject("notes", new JsonObject());
    Map<String, String> sorted = new TreeMap<>();
    for (String name : notes.keySet()) {
      sorted.put(name, notes.getString(name, ""));
    }
    return sorted;
  }
}
