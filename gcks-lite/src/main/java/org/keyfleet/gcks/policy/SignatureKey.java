package org.keyfleet.gcks.policy;

import java.util.Optional;
import org.keyfleet.protocol.suite.SignatureScheme;

/**
 * Which key signs a group's GSA_REKEY messages; members learn it as AUTH_KEY (RFC 9838 section
 * 4.5.3.2).
 */
public enum SignatureKey {
  /** The server's identity key, which its certificate is for. */
  IDENTITY(Optional.empty()),
  /** A key of the group's own, sound against quantum computers (FIPS 204). */
  ML_DSA_44(Optional.of(SignatureScheme.ML_DSA_44)),
  ML_DSA_65(Optional.of(SignatureScheme.ML_DSA_65));

  private final Optional<SignatureScheme> ownScheme;

  SignatureKey(Optional<SignatureScheme> ownScheme) {
    this.ownScheme = ownScheme;
  }

  /** The scheme of a key of the group's own; empty for the identity key, whatever its kind. */
  public Optional<SignatureScheme> ownScheme() {
    return ownScheme;
  }
}
