package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.ike.NotifyType;

/**
 * A well-formed group policy or key download breaks a rule of RFC 9838 for the message it came in.
 * The sender is authenticated, but the policy must not be installed. No stack trace: a peer causes
 * it.
 */
public final class NotAllowedHereException extends Exception {
  private static final long serialVersionUID = 1L;

  NotAllowedHereException(String message) {
    super(message, null, false, false);
  }

  /** What a member tells the GCKS in a GSA_REGISTRATION (section 2.3.1). */
  public NotifyType notifyType() {
    return NotifyType.NO_PROPOSAL_CHOSEN;
  }
}
