package org.keyfleet.agent.token;

import java.security.SecureRandom;
import java.util.Arrays;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenSigner;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SigningException;

/**
 * Makes a device's token ready: initialised, with an identity key. What exists already stays as it
 * is.
 */
public final class TokenSetup {
  private final AgentToken token;
  private final SecureRandom random;

  public TokenSetup(AgentToken token, SecureRandom random) {
    this.token = token;
    this.random = random;
  }

  /** What was made, and the request for the identity's certificate (DER). */
  public record Outcome(boolean tokenMade, boolean identityMade, Bytes certificationRequest) {}

  /**
   * Makes what is missing.
   *
   * @param identity the member's name in the certificate
   */
  public Outcome run(String identity) throws CustodyException, SigningException {
    boolean tokenMade = initialize();
    Outcome outcome = request(identity, IdentityAlgorithm.P256);
    return new Outcome(tokenMade, outcome.identityMade(), outcome.certificationRequest());
  }

  /**
   * Makes the identity key, where it is missing, and the request for its certificate.
   *
   * @param algorithm of a key that is made; one that is there stays as it is
   */
  public Outcome request(String identity, IdentityAlgorithm algorithm)
      throws CustodyException, SigningException {
    try (KeyCustody custody = token.open()) {
      boolean identityMade = custody.find(AgentToken.IDENTITY).isEmpty();
      if (identityMade) {
        custody.generateIdentity(AgentToken.IDENTITY, algorithm);
      }
      TokenSigner signer = TokenSigner.of(custody, AgentToken.IDENTITY);
      return new Outcome(false, identityMade, CertificationRequest.of(identity, signer));
    }
  }

  /** Makes the token; false when it exists already. */
  public boolean initialize() throws CustodyException {
    char[] pin = new char[0];
    char[] officer = new char[0];
    try {
      if (!TokenAdmin.isMadeAtPad(token.config())) {
        pin = token.pin().pin();
        officer = token.securityOfficerPin().pin();
      }
      CustodyFactory.initialize(token.config(), pin, officer, random);
      return true;
    } catch (CustodyException e) {
      if (e.fault() == CustodyFault.EXISTS) {
        return false;
      }
      throw e;
    } finally {
      Arrays.fill(pin, '\0');
      Arrays.fill(officer, '\0');
    }
  }
}
