package org.keyfleet.gcks.admin;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.keyfleet.gcks.group.GroupEngine;
import org.keyfleet.gcks.server.KeyServer;
import org.keyfleet.gcks.store.AuditRow;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.transport.FaultLog;
import org.keyfleet.transport.local.JsonDepth;

/** Carries out commands on the thread that owns the server. */
public final class AdminCommands {
  /** Rows of one answer, so that a line stays under the socket's limit. */
  private static final int PAGE = 150;

  private static final int MAX_NAME_CHARACTERS = 320;

  private final FaultLog faults =
      new FaultLog(System.getLogger(AdminCommands.class.getName()), "admin command");
  private final KeyServer server;

  public AdminCommands(KeyServer server) {
    this.server = server;
  }

  /** One command, one answer; a command that cannot be read is answered too. */
  public String answer(String line) {
    JsonObject answer;
    try {
      if (!JsonDepth.fits(line)) {
        throw new AdminException(
            AdminException.Kind.USAGE,
            "JSON that is nested deeper than " + JsonDepth.MAX_LEVELS + " levels");
      }
      answer = carryOut(JsonParser.object().from(line));
      answer.put("ok", true);
    } catch (JsonParserException e) {
      answer = error(AdminException.Kind.USAGE, "the command is no JSON object");
    } catch (AdminException e) {
      answer = error(e.kind(), String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      answer = error(AdminException.Kind.FAILED, String.valueOf(e.getMessage()));
    } catch (CustodyException | SigningException e) {
      answer = error(AdminException.Kind.TOKEN, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      faults.caught(e);
      answer = error(AdminException.Kind.FAILED, "a fault of the server: see its log");
    }
    return JsonWriter.string(answer);
  }

  private JsonObject carryOut(JsonObject request)
      throws AdminException, StoreException, CustodyException, SigningException {
    String command = request.getString("command", "");
    return switch (command) {
      case "status" -> StatusReport.of(server);
      case "groups" -> groups();
      case "members" -> members(request);
      case "member-add" -> {
        group(request).list(identity(request));
        yield new JsonObject();
      }
      case "member-remove" -> remove(request, true);
      case "evict" -> remove(request, request.getBoolean("urgent"));
      case "rekey" -> {
        group(request).refresh("operator");
        yield new JsonObject();
      }
      case "log" -> log(request);
      case "audit" -> audit(request);
      default ->
          throw new AdminException(AdminException.Kind.USAGE, "unknown command '" + command + "'");
    };
  }

  private JsonObject groups() throws StoreException {
    JsonObject answer = new JsonObject();
    answer.put("groups", StatusReport.groups(server));
    return answer;
  }

  private JsonObject members(JsonObject request) throws AdminException, StoreException {
    String group = group(request).settings().name();
    List<MemberRow> all = server.parts().store().members(group);
    int from = Math.max(0, Math.min(request.getInt("from"), all.size()));
    int to = Math.min(from + PAGE, all.size());
    JsonArray members = new JsonArray();
    for (MemberRow member : all.subList(from, to)) {
      JsonObject row = new JsonObject();
      row.put("id", member.identity());
      row.put("authentication", member.authentication());
      row.put("transport", member.transport());
      row.put("sender", member.sender());
      row.put("registeredMillis", member.registeredMillis());
      members.add(row);
    }
    JsonObject answer = new JsonObject();
    answer.put("members", members);
    answer.put("next", to < all.size() ? to : 0);
    if (from == 0) {
      answer.put("listed", page(server.parts().store().listedIdentities(group)));
      answer.put("blocked", page(server.parts().store().blockedIdentities(group)));
    }
    return answer;
  }

  private static JsonArray page(List<String> identities) {
    return new JsonArray(identities.subList(0, Math.min(PAGE, identities.size())));
  }

  private JsonObject remove(JsonObject request, boolean urgent)
      throws AdminException, StoreException, CustodyException, SigningException {
    boolean member = group(request).evict(identity(request), urgent);
    JsonObject answer = new JsonObject();
    answer.put("member", member);
    return answer;
  }

  private JsonObject log(JsonObject request) throws AdminException, StoreException {
    JsonArray rekeys = new JsonArray();
    for (RekeyMessageRow message :
        server.parts().store().rekeyMessages(group(request).settings().name(), PAGE)) {
      JsonObject row = new JsonObject();
      row.put("spi", message.rekeySpi().hex());
      row.put("messageId", message.messageId());
      row.put("octets", message.octets());
      row.put("datagrams", message.datagrams().size());
      row.put("wraps", message.wraps());
      row.put("reason", message.reason());
      row.put("createdMillis", message.createdMillis());
      rekeys.add(row);
    }
    JsonObject answer = new JsonObject();
    answer.put("rekeys", rekeys);
    return answer;
  }

  private JsonObject audit(JsonObject request) throws StoreException {
    int count = Math.max(1, Math.min(PAGE, request.getInt("count", 50)));
    JsonArray lines = new JsonArray();
    for (AuditRow row : server.parts().store().audit(count)) {
      JsonObject line = new JsonObject();
      line.put("atMillis", row.atMillis());
      line.put("group", row.group());
      line.put("event", row.event());
      line.put("detail", row.detail());
      lines.add(line);
    }
    JsonObject answer = new JsonObject();
    answer.put("audit", lines);
    return answer;
  }

  private GroupEngine group(JsonObject request) throws AdminException {
    String name = request.getString("group", "");
    Optional<GroupEngine> group = server.group(name);
    if (group.isEmpty()) {
      throw new AdminException(AdminException.Kind.USAGE, "there is no group '" + name + "'");
    }
    return group.get();
  }

  private static String identity(JsonObject request) throws AdminException {
    String identity = request.getString("member", "");
    if (identity.isBlank() || identity.length() > MAX_NAME_CHARACTERS) {
      throw new AdminException(AdminException.Kind.USAGE, "a member's identity is missing");
    }
    return identity.startsWith("keyid:") ? identity : identity.toLowerCase(Locale.ROOT);
  }

  private static JsonObject error(AdminException.Kind kind, String message) {
    JsonObject answer = new JsonObject();
    answer.put("ok", false);
    answer.put("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    answer.put("error", message);
    return answer;
  }
}
