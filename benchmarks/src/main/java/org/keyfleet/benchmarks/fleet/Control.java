package org.keyfleet.benchmarks.fleet;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.keyfleet.transport.local.LocalSocketClient;

/** One question to a local socket of server or agent, and its answer. */
public final class Control {
  private static final long ANSWER_MILLIS = 20_000;

  private Control() {}

  /** A request without arguments. */
  public static JsonObject request(String command) {
    JsonObject request = new JsonObject();
    request.put("command", command);
    return request;
  }

  /** The answer, if it is not a refusal. */
  static JsonObject ask(Path socket, JsonObject request) throws IOException {
    try (LocalSocketClient client = LocalSocketClient.connect(socket)) {
      client.send(JsonWriter.string(request));
      String line = client.receive(ANSWER_MILLIS);
      if (line == null) {
        throw new IOException(socket + " closed without an answer");
      }
      JsonObject answer = JsonParser.object().from(line);
      if (!answer.getBoolean("ok", false)) {
        throw new IOException(
            socket.getFileName() + " refused: " + answer.getString("error", "no reason"));
      }
      return answer;
    } catch (JsonParserException e) {
      throw new IOException(socket + " does not speak JSON", e);
    }
  }

  static boolean answers(Path socket) {
    try {
      ask(socket, request("status"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
