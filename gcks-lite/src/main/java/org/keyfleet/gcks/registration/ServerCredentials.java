package org.keyfleet.gcks.registration;

import java.util.Optional;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.suite.Signer;

/**
 * With what the server proves itself and whom it trusts.
 *
 * @param identity IDr
 * @param certificate chain and the key of its leaf; empty with PSK only
 * @param trustAnchors empty when no certificates are accepted
 */
public record ServerCredentials(
    IdPayload identity,
    Optional<Certified> certificate,
    Optional<TrustAnchors> trustAnchors,
    PskStore psks) {
  /** A certificate chain with the signer of its leaf. */
  public record Certified(CertificateChain chain, Signer signer) {}
}
