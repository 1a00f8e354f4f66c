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
    long lastMessageId,
    String rekeySpi) {
  public static final String JOINED = "member";
  public static final String EXCLUDED = "excluded";

  static AgentStatus absent(String state) {
    return new AgentStatus(state, "-", "-", -1, 0, -1, "");
  }

  static AgentStatus of(JsonObject answer) {
    return ofGroup(answer.getArray("groups").getObject(0));
  }

  static AgentStatus ofGroup(JsonObject group) {
    return new AgentStatus(
        group.getString("state", "?"),
        group.getString("custody", "?"),
        group.getString("token", "?"),
        group.getLong("registeredMillis", -1),
        group.getLong("rekeysApplied", 0),
        group.getLong("lastMessageId", -1),
        group.getString("rekeySpi", ""));
  }

  /**
   * The same with what was true when it was a member last, for one that is none any more or has
   * just come back.
   */
  AgentStatus after(AgentStatus earlier) {
    return new AgentStatus(
        state,
        joined() ? custody : earlier.custody,
        joined() ? token : earlier.token,
        registeredMillis > 0 ? registeredMillis : earlier.registeredMillis,
        joined() ? rekeysApplied : earlier.rekeysApplied,
        joined() ? lastMessageId : earlier.lastMessageId,
        rekeySpi);
  }

  public boolean joined() {
    return state.equals(JOINED);
  }
}
