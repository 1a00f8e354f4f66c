package org.keyfleet.agent.data;

import org.keyfleet.protocol.gikev2.SenderId;

/**
 * Our part of the IV space (RFC 9838 section 2.5.2, RFC 6054).
 *
 * @param id ours alone
 * @param bits GWP_SENDER_ID_BITS
 */
public record SenderRole(SenderId id, int bits) {
  public SenderRole {
    if (!id.fits(bits)) {
      throw new IllegalArgumentException(id + " does not fit " + bits + " bits");
    }
  }

  long iv(long counter) {
    return id.iv(bits, counter);
  }

  /** Whether an IV is one of ours, come back by multicast. */
  boolean isOurs(long iv) {
    return iv >>> (Long.SIZE - bits) == id.value();
  }
}
