package org.keyfleet.gcks.admin;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.local.LocalSocketClient;

/** Sends one command to the running server and reads its answer. */
public final class AdminClient {
  private static final long TIMEOUT_MILLIS = 30_000;

  private AdminClient() {}

  /** The answer of a command that was done. */
  public static JsonObject call(Path socket, JsonObject request) throws AdminException {
    try (LocalSocketClient client = LocalSocketClient.connect(socket)) {
      client.send(JsonWriter.string(request));
      String line = client.receive(TIMEOUT_MILLIS);
      if (line == null) {
        throw new AdminException(
            AdminException.Kind.NOT_REACHABLE, "the server closed " + socket + " without answer");
      }
      JsonObject answer = JsonParser.object().from(line);
      if (!answer.getBoolean("ok")) {
        throw new AdminException(kind(answer), answer.getString("error", "unknown error"));
      }
      return answer;
    } catch (TransportException e) {
      throw new AdminException(
          AdminException.Kind.NOT_REACHABLE,
          e.getMessage() + "; is 'keyfleet-gcks serve' running?");
    } catch (JsonParserException e) {
      throw new AdminException(
          AdminException.Kind.FAILED, socket + " does not speak JSON lines: " + e.getMessage());
    }
  }

  private static AdminException.Kind kind(JsonObject answer) {
    String name = answer.getString("kind", "").toUpperCase(Locale.ROOT).replace('-', '_');
    for (AdminException.Kind kind : AdminException.Kind.values()) {
      if (kind.name().equals(name)) {
        return kind;
      }
    }
    return AdminException.Kind.FAILED;
  }
}
