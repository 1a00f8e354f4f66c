package org.keyfleet.agent.group;

import java.util.Optional;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.RekeyGate;
import org.keyfleet.protocol.gikev2.MessageIdGuard;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.RekeyVerifier;
import org.keyfleet.protocol.gikev2.SignedRekey;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/**
 * Tells a token that verifies rekeys itself what it needs, before keys are released; nothing to do
 * for the others. One for each change of the membership.
 */
final class TokenGate {
  private static final int POINT_OCTETS = 65; // SEC 1 section 2.3.3, P-256

  private final KeyCustody custody;
  private boolean moved;

  TokenGate(KeyCustody custody) {
    this.custody = custody;
  }

  /** A registration brought a Rekey SA. */
  void start(RekeySaPolicy policy, RekeyVerifier verifier, MessageIdGuard messageIds, Bytes saKey)
      throws CustodyException, InstallException {
    Optional<RekeyGate> gate = custody.rekeyGate();
    if (gate.isPresent()) {
      gate.get().start(policy.id().spi(), messageIds.next(), point(verifier), saKey);
      moved = true;
    }
  }

  /**
   * A message brings a Rekey SA, or a new key of the GCKS.
   *
   * @param saKey empty when it brings no Rekey SA
   */
  void admit(Optional<SignedRekey> signed, Bytes saKey) throws CustodyException, InstallException {
    Optional<RekeyGate> gate = custody.rekeyGate();
    if (gate.isPresent()) {
      SignedRekey message = signed.orElseThrow(TokenGate::unverifiable);
      gate.get().admit(message.octets(), message.signature(), saKey);
      moved = true;
    }
  }

  /** The change is in the journal. */
  void confirm() {
    Optional<RekeyGate> gate = moved ? custody.rekeyGate() : Optional.empty();
    if (gate.isPresent()) {
      try {
        gate.get().confirm();
      } catch (CustodyException e) {
        // the token went away just now; the next message confirms this one too
        return;
      }
    }
  }

  private static Bytes point(RekeyVerifier verifier) throws InstallException {
    if (verifier instanceof RekeyVerifier.BySignature signature
        && signature.scheme() == SignatureScheme.ECDSA_P256_SHA256) {
      Bytes key = signature.authKey();
      return key.slice(key.size() - POINT_OCTETS, key.size());
    }
    throw unverifiable();
  }

  private static InstallException unverifiable() {
    return new InstallException(
        InstallException.Kind.POLICY,
        "the token demands rekeys that it can verify: ECDSA over P-256 with SHA-256");
  }
}
