package org.keyfleet.agent.registration;

import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/** What the member proves its identity with. */
public sealed interface MemberCredential {
  /** A secret shared with the GCKS; stays the owner's. */
  record Psk(SecretBytes secret) implements MemberCredential {}

  /**
   * A certificate; its key is elsewhere and signs when asked by {@link RegistrationAction.Sign}.
   */
  record Certificate(CertificateChain chain, SignatureScheme scheme) implements MemberCredential {}
}
