package org.keyfleet.gcks.endtoend;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/** A P-256 key that signs and agrees, on the JDK's own cryptography: a witness beside ours. */
final class P256Identity implements Signer {
  private final KeyPair pair;

  private P256Identity(KeyPair pair) {
    this.pair = pair;
  }

  static P256Identity generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new P256Identity(generator.generateKeyPair());
  }

  @Override
  public SignatureScheme scheme() {
    return SignatureScheme.ECDSA_P256_SHA256;
  }

  @Override
  public Bytes subjectPublicKeyInfo() {
    return Bytes.copyOf(pair.getPublic().getEncoded());
  }

  @Override
  public Bytes sign(Bytes message) throws SigningException {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(message.toArray());
      return Bytes.copyOf(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new SigningException("no signature", e);
    }
  }

  SecretBytes sharedWith(Bytes publicValue) {
    try {
      ECPoint point =
          new ECPoint(
              new BigInteger(1, publicValue.slice(0, 32).toArray()),
              new BigInteger(1, publicValue.slice(32, 64).toArray()));
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(pair.getPrivate());
      agreement.doPhase(
          KeyFactory.getInstance("EC")
              .generatePublic(
                  new ECPublicKeySpec(point, ((ECPublicKey) pair.getPublic()).getParams())),
          true);
      return SecretBytes.takeFrom(agreement.generateSecret());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
