package org.keyfleet.transport;

/**
 * How a link is, for {@code status}.
 *
 * @param condition the named state
 * @param detail one line that says what is wrong and what to do; empty when all is well
 */
public record LinkState(Condition condition, String detail) {

  /** The named states of a link. Every one but {@link #CLOSED} is left again without help. */
  public enum Condition {
    /** Being opened for the first time. */
    CONNECTING,
    /** Datagrams flow. */
    UP,
    /** The broker or network does not answer; retried with jittered back-off. */
    UNREACHABLE,
    /** The connection broke after it was up; retried with jittered back-off. */
    LOST,
    /** The broker's certificate is not of the configured CA or not for its name; retried. */
    UNTRUSTED,
    /** The broker refuses this client or one of its topics; retried. */
    REFUSED,
    /** The link was closed by its owner. */
    CLOSED
  }

  public static final LinkState UP = new LinkState(Condition.UP, "");
  public static final LinkState CONNECTING = new LinkState(Condition.CONNECTING, "");
  public static final LinkState CLOSED = new LinkState(Condition.CLOSED, "");

  public boolean isUp() {
    return condition == Condition.UP;
  }
}
