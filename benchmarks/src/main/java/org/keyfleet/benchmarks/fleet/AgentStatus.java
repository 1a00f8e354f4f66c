package org.keyfleet.benchmarks.fleet;

import com.grack.nanojson.JsonObject;

/**
 * What an agent says of its one group.
 *
 * @param registeredMillis how long the registration took, -1 before it
 * @param lastMessageId of the Rekey SA in use, -1 before the first rekey under it
 */
public record AgentStatus(
    String state,
    String custody,
    String token,
    long registeredMillis,
    long rekeysApplied,
    long lastMessageId) {
  public static final String JOINED = "member";
  public static final String EXCLUDED = "excluded";

  static AgentStatus absent(String state) {
    return new AgentStatus(state, "-", "-", -1, 0, -1);
  }

  static AgentStatus of(JsonObject answer) {
    JsonObject group = answer.getArray("groups").getObject(0);
    return new AgentStatus(
        group.getString("state", "?"),
        group.getString("custody", "?"),
        group.getString("token", "?"),
        group.getLong("registeredMillis", -1),
        group.getLong("rekeysApplied", 0),
        group.getLong("lastMessageId", -1));
  }

  public boolean joined() {
    return state.equals(JOINED);
  }
}
