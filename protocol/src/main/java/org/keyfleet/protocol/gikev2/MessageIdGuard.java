package org.keyfleet.protocol.gikev2;

import java.util.OptionalLong;

/**
 * Replay protection of one Rekey SA (RFC 9838 sections 2.4.1.4 and 8.2.4): Message IDs only go up,
 * gaps are accepted, the windows of RFC 7296 "MUST NOT be used for the Rekey messages".
 */
public final class MessageIdGuard {
  private long next;

  private MessageIdGuard(long next) {
    if (next < 0 || next > 0x1_0000_0000L) {
      throw new IllegalArgumentException("Message ID " + next);
    }
    this.next = next;
  }

  /**
   * For a Rekey SA just received. "If the GSA_INITIAL_MESSAGE_ID attribute is not received for the
   * Rekey SA, the GM MUST assume zero as the first expected Message ID."
   *
   * @param lastReceived the last valid Message ID on the same Rekey SA, when a second registration
   *     brings it again: an initial value below it "should be considered stale and MUST be ignored"
   */
  public static MessageIdGuard starting(RekeySaPolicy policy, OptionalLong lastReceived) {
    long announced = policy.attributes().initialMessageId().orElse(0);
    long already = lastReceived.isPresent() ? lastReceived.getAsLong() + 1 : 0;
    return new MessageIdGuard(Math.max(announced, already));
  }

  /** For a Rekey SA that goes on after a restart. */
  public static MessageIdGuard resuming(long lastReceived) {
    return new MessageIdGuard(lastReceived + 1);
  }

  /** The lowest Message ID that is acceptable; 2^32 when there is none left. */
  public long next() {
    return next;
  }

  /**
   * "any rekey message containing a Message ID number less than or equal to the last received value
   * MUST be discarded".
   */
  public boolean isFresh(long messageId) {
    return messageId >= next;
  }

  /** Takes the Message ID of a message that is authentic; gives how many before it were missed. */
  long accept(long messageId) {
    if (!isFresh(messageId)) {
      throw new IllegalArgumentException("Message ID " + messageId + " before " + next);
    }
    long missed = messageId - next;
    next = messageId + 1;
    return missed;
  }
}
