package org.keyfleet.agent.run;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Answers the control socket: {@code status}, {@code token}, {@code keys}, {@code send}, {@code
 * join}, {@code leave}. Errors carry the exit code for the command that asked: 1 failed, 2 usage, 4
 * refused, 5 token.
 */
final class ControlCommands {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int REFUSED = 4;
  private static final int TOKEN = 5;
  private static final int MAX_PAYLOAD_OCTETS = 32 * 1024;

  private final List<GroupAgent> groups;
  private final StatusReport status;
  private final boolean keysExportAllowed;

  ControlCommands(List<GroupAgent> groups, StatusReport status, boolean keysExportAllowed) {
    this.groups = List.copyOf(groups);
    this.status = status;
    this.keysExportAllowed = keysExportAllowed;
  }

  /** One line for one line. */
  String answer(String line) {
    JsonObject request;
    try {
      request = JsonParser.object().from(line);
    } catch (JsonParserException e) {
      return error(USAGE, "not a JSON object");
    }
    String command = request.getString("command", "");
    if (command.equals("status")) {
      return JsonWriter.string(status.of(groups));
    }
    if (command.equals("token")) {
      return token();
    }
    if (command.equals("keys")) {
      return keys(request.getBoolean("export", false));
    }
    Optional<GroupAgent> group = find(request.getString("group", ""));
    if (group.isEmpty()) {
      return error(USAGE, noGroup(request.getString("group", "")));
    }
    return switch (command) {
      case "join" -> join(group.get());
      case "leave" -> {
        group.get().leave();
        yield done();
      }
      case "send" -> send(group.get(), request);
      default -> error(USAGE, "no such command");
    };
  }

  private String token() {
    try {
      return JsonWriter.string(status.token());
    } catch (CustodyException e) {
      return error(TOKEN, String.valueOf(e.getMessage()));
    }
  }

  private static String join(GroupAgent group) {
    group.join();
    return done();
  }

  private static String send(GroupAgent group, JsonObject request) {
    byte[] payload;
    try {
      payload = Base64.getDecoder().decode(request.getString("payload", ""));
    } catch (IllegalArgumentException e) {
      return error(USAGE, "payload is not base64");
    }
    if (payload.length > MAX_PAYLOAD_OCTETS) {
      return error(USAGE, "payload is longer than " + MAX_PAYLOAD_OCTETS + " octets");
    }
    boolean sent = group.send(Bytes.copyOf(payload), 0);
    return sent ? done() : error(FAILED, "no data SA to send with");
  }

  private String keys(boolean export) {
    if (export && !keysExportAllowed) {
      return error(REFUSED, "set allow-keys-export in the configuration to hand out keys");
    }
    JsonObject found = status.keys(groups);
    if (export) {
      exportInto(found);
    }
    return JsonWriter.string(found);
  }

  private void exportInto(JsonObject found) {
    JsonObject insecure = new JsonObject();
    for (GroupAgent group : groups) {
      DataPlane plane = group.membership().data();
      for (DataPlane.Entry sa : plane.entries()) {
        try (SecretBytes key = plane.copyKey(sa.policy().id().spi())) {
          insecure.put(sa.policy().id().spi().hex(), key.use(HexFormat.of()::formatHex));
        }
      }
    }
    found.put("insecureDataKeys", insecure);
  }

  private Optional<GroupAgent> find(String name) {
    for (GroupAgent group : groups) {
      if (group.name().equals(name)) {
        return Optional.of(group);
      }
    }
    return groups.size() == 1 && name.isEmpty() ? Optional.of(groups.get(0)) : Optional.empty();
  }

  private String noGroup(String name) {
    List<String> names = groups.stream().map(GroupAgent::name).toList();
    return "there is no group '" + name + "': the configuration has " + String.join(", ", names);
  }

  private static String done() {
    return "{\"ok\":true}";
  }

  private static String error(int exit, String text) {
    JsonObject answer = new JsonObject();
    answer.put("ok", false);
    answer.put("error", text);
    answer.put("exit", exit);
    return JsonWriter.string(answer);
  }
}
