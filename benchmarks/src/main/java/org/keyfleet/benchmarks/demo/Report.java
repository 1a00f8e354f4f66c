package org.keyfleet.benchmarks.demo;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.fleet.AgentProcess;

/** The closing summary, for people and as JSON. */
final class Report {
  private static final List<String> REKEY_FIELDS =
      List.of("spi", "messageId", "octets", "wraps", "reason");

  private final Verdict verdict;
  private final JsonObject json;

  private Report(Verdict verdict, JsonObject json) {
    this.verdict = verdict;
    this.json = json;
  }

  static Report of(
      Verdict verdict,
      List<Row> rows,
      JsonArray rekeys,
      List<AgentProcess> agents,
      int sentBeforeEviction,
      int sent,
      @Nullable Path pcap)
      throws IOException {
    JsonArray members = new JsonArray();
    for (int i = 0; i < rows.size(); i++) {
      members.add(member(rows.get(i), agents.get(i), sentBeforeEviction, sent));
    }
    JsonObject json = new JsonObject();
    json.put("ok", verdict.ok());
    json.put("members", members);
    json.put("rekeys", rekeys(rekeys));
    json.put("evictedReadAfter", verdict.evictedReadAfter());
    json.put("lateJoinerReadBefore", verdict.lateJoinerReadBefore());
    json.put("recovered", verdict.recovered());
    json.put("sent", sent);
    json.put("pcap", pcap == null ? "" : pcap.toString());
    return new Report(verdict, json);
  }

  boolean ok() {
    return verdict.ok();
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JsonWriter.indent("  ").string().value(json).done() + "\n");
  }

  void print(PrintStream out) {
    JsonArray rekeys = json.getArray("rekeys");
    out.println();
    out.println("rekey messages: " + rekeys.size());
    for (int i = 0; i < rekeys.size(); i++) {
      JsonObject rekey = rekeys.getObject(i);
      out.println(
          String.format(
              "  Message ID %d under %s…: %4d octets, %2d wrapped keys, %s",
              rekey.getLong("messageId"),
              rekey.getString("spi", "").substring(0, 8),
              rekey.getInt("octets"),
              rekey.getInt("wraps"),
              rekey.getString("reason", "")));
    }
    out.println(
        "the evicted member read "
            + verdict.evictedReadAfter()
            + " datagrams sent after its eviction");
    out.println(
        "the late joiner read "
            + verdict.lateJoinerReadBefore()
            + " datagrams sent before it joined");
    out.println("the killed member " + (verdict.recovered() ? "recovered" : "DID NOT RECOVER"));
    out.println(verdict.ok() ? "All as it should be." : "NOT as it should be.");
  }

  private static JsonObject member(Row row, AgentProcess agent, int sentBeforeEviction, int sent)
      throws IOException {
    JsonObject member = new JsonObject();
    member.put("id", row.id());
    member.put("transport", row.transport());
    member.put("custody", row.status().custody());
    member.put("token", row.status().token());
    member.put("registeredMillis", row.status().registeredMillis());
    member.put("rekeysApplied", row.status().rekeysApplied());
    member.put("lastMessageId", row.status().lastMessageId());
    member.put("state", row.status().state());
    member.put("readBefore", agent.traffic().readBetween(0, sentBeforeEviction));
    member.put("readAfter", agent.traffic().readBetween(sentBeforeEviction, sent));
    return member;
  }

  private static JsonArray rekeys(JsonArray log) {
    JsonArray rekeys = new JsonArray();
    for (int i = 0; i < log.size(); i++) {
      JsonObject rekey = new JsonObject();
      for (String field : REKEY_FIELDS) {
        rekey.put(field, log.getObject(i).get(field));
      }
      rekeys.add(rekey);
    }
    return rekeys;
  }
}
