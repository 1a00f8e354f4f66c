package org.keyfleet.agent.control;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.local.LocalSocketClient;

/**
 * Asks a running agent. A request is {@code {"command":"status"}} with the command's own members;
 * an answer has {@code "ok":true}, or {@code "ok":false} with {@code "error"} and {@code "exit"}.
 */
public final class ControlClient implements AutoCloseable {
  private static final long ANSWER_MILLIS = 30_000;

  private final Path socket;
  private final LocalSocketClient client;

  private ControlClient(Path socket, LocalSocketClient client) {
    this.socket = socket;
    this.client = client;
  }

  public static ControlClient connect(Path socket) throws TransportException {
    return new ControlClient(socket, LocalSocketClient.connect(socket));
  }

  /** Sends {@code request} and waits for its answer, also when the answer is a refusal. */
  public JsonObject ask(JsonObject request) throws TransportException {
    client.send(JsonWriter.string(request));
    String answer = client.receive(ANSWER_MILLIS);
    if (answer == null) {
      throw new TransportException(
          "the agent closed " + socket + " without an answer: see its log");
    }
    try {
      return JsonParser.object().from(answer);
    } catch (JsonParserException e) {
      throw new TransportException("what answers on " + socket + " is no keyfleet-agent", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
