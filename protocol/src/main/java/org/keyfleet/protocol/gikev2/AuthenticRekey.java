package org.keyfleet.protocol.gikev2;

import java.util.Optional;

/**
 * A GSA_REKEY that is decrypted, authentic, fresh and within the rules. Only {@link RekeyOpener}
 * makes one.
 */
public final class AuthenticRekey {
  private final GroupSaId over;
  private final long messageId;
  private final long missed;
  private final RekeyContent content;
  private final Optional<SignedRekey> signed;

  AuthenticRekey(
      GroupSaId over,
      long messageId,
      long missed,
      RekeyContent content,
      Optional<SignedRekey> signed) {
    this.over = over;
    this.messageId = messageId;
    this.missed = missed;
    this.content = content;
    this.signed = signed;
  }

  /** The Rekey SA it came over, whose GSK_w is the default KWK of its keys. */
  public GroupSaId over() {
    return over;
  }

  public long messageId() {
    return messageId;
  }

  /** How many Message IDs were left out before it: messages lost, or never sent. */
  public long missed() {
    return missed;
  }

  public RekeyContent content() {
    return content;
  }

  /** For a token that verifies it once more; empty with implicit authentication. */
  public Optional<SignedRekey> signed() {
    return signed;
  }

  @Override
  public String toString() {
    return "AuthenticRekey[" + over + " message " + messageId + "]";
  }
}
