package org.keyfleet.agent.run;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.lang.System.Logger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.transport.FaultLog;
import org.keyfleet.transport.local.JsonDepth;

/**
 * Answers the control socket: {@code status}, {@code send}, {@code join}, {@code leave}, {@code
 * keys}. Errors carry the exit code for the command that asked: 1 failed, 2 usage, 4 refused.
 */
final class ControlCommands {
  private static final Logger LOG = System.getLogger(ControlCommands.class.getName());
  private static final String FAULT = "a fault of the agent: see its log";
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int REFUSED = 4;
  private static final int MAX_PAYLOAD_OCTETS = 32 * 1024;

  private final List<GroupSlot> groups;
  private final StatusReport status;
  private final boolean keysExportAllowed;
  private final FaultLog faults = new FaultLog(LOG, "control command");

  ControlCommands(List<GroupSlot> groups, StatusReport status, boolean keysExportAllowed) {
    this.groups = List.copyOf(groups);
    this.status = status;
    this.keysExportAllowed = keysExportAllowed;
  }

  /** One line for one line, whatever happens. */
  String answer(String line) {
    if (!JsonDepth.fits(line)) {
      return error(USAGE, "JSON that is nested deeper than " + JsonDepth.MAX_LEVELS + " levels");
    }
    try {
      return carryOut(line);
    } catch (RuntimeException e) {
      faults.caught(e);
      return error(FAILED, FAULT);
    }
  }

  private String carryOut(String line) {
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
    if (command.equals("keys")) {
      return keys(request.getBoolean("export", false));
    }
    Optional<GroupSlot> group = find(request.getString("group", ""));
    if (group.isEmpty()) {
      return error(USAGE, "no such group, or no such command");
    }
    return switch (command) {
      case "join" -> done(group.get().join());
      case "leave" -> done(group.get().leave());
      case "send" -> send(group.get(), request);
      default -> error(USAGE, "no such command");
    };
  }

  private static String send(GroupSlot group, JsonObject request) {
    byte[] payload;
    try {
      payload = Base64.getDecoder().decode(request.getString("payload", ""));
    } catch (IllegalArgumentException e) {
      return error(USAGE, "payload is not base64");
    }
    if (payload.length > MAX_PAYLOAD_OCTETS) {
      return error(USAGE, "payload is longer than " + MAX_PAYLOAD_OCTETS + " octets");
    }
    AtomicBoolean sent = new AtomicBoolean();
    if (!group.enter(agent -> sent.set(agent.send(Bytes.copyOf(payload), 0)))) {
      return error(FAILED, FAULT);
    }
    return sent.get()
        ? done(true)
        : error(FAILED, "not sent: no data SA to send with, or no way to the group; see status");
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
    for (GroupSlot group : groups) {
      DataPlane plane = group.agent().membership().data();
      for (DataPlane.Entry sa : plane.entries()) {
        try (SecretBytes key = plane.copyKey(sa.policy().id().spi())) {
          insecure.put(sa.policy().id().spi().hex(), key.use(HexFormat.of()::formatHex));
        }
      }
    }
    found.put("insecureDataKeys", insecure);
  }

  private Optional<GroupSlot> find(String name) {
    for (GroupSlot group : groups) {
      if (group.name().equals(name)) {
        return Optional.of(group);
      }
    }
    return groups.size() == 1 && name.isEmpty() ? Optional.of(groups.get(0)) : Optional.empty();
  }

  private static String done(boolean withoutFault) {
    return withoutFault ? "{\"ok\":true}" : error(FAILED, FAULT);
  }

  private static String error(int exit, String text) {
    JsonObject answer = new JsonObject();
    answer.put("ok", false);
    answer.put("error", text);
    answer.put("exit", exit);
    return JsonWriter.string(answer);
  }
}
