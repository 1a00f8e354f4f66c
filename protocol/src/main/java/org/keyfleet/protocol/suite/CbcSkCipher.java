package org.keyfleet.protocol.suite;

import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.CBCModeCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * AES-CBC (RFC 3602) with HMAC-SHA2 (RFC 4868) over associated data | IV | ciphertext (RFC 7296
 * section 3.14).
 */
final class CbcSkCipher extends SkCipher {
  private static final int BLOCK_OCTETS = 16;

  private final Integrity integrity;

  CbcSkCipher(int keyOctets, Integrity integrity) {
    super(keyOctets, integrity.keyOctets(), BLOCK_OCTETS, integrity.icvOctets(), BLOCK_OCTETS);
    this.integrity = integrity;
  }

  @Override
  Bytes sealChecked(
      SecretBytes encryptionKey,
      SecretBytes integrityKey,
      Bytes iv,
      Bytes associatedData,
      byte[] plaintext) {
    byte[] sealed = new byte[BLOCK_OCTETS + plaintext.length];
    iv.copyTo(sealed, 0);
    process(
        true, encryptionKey, iv.toArray(), plaintext, 0, sealed, BLOCK_OCTETS, plaintext.length);
    Bytes covered = Bytes.copyOf(sealed);
    return Bytes.concat(covered, integrity.icv(integrityKey, associatedData, covered));
  }

  /** Checks the ICV before a single block is decrypted, so padding tells an attacker nothing. */
  @Override
  byte[] openChecked(
      SecretBytes encryptionKey, SecretBytes integrityKey, Bytes associatedData, Bytes sealed)
      throws NotAuthenticException {
    int covered = sealed.size() - icvOctets();
    byte[] icv = integrity.icv(integrityKey, associatedData, sealed.slice(0, covered)).toArray();
    if (!MessageDigest.isEqual(icv, sealed.slice(covered, sealed.size()).toArray())) {
      throw new NotAuthenticException();
    }
    byte[] octets = sealed.toArray();
    byte[] plaintext = new byte[covered - BLOCK_OCTETS];
    byte[] iv = Arrays.copyOf(octets, BLOCK_OCTETS);
    process(false, encryptionKey, iv, octets, BLOCK_OCTETS, plaintext, 0, plaintext.length);
    return plaintext;
  }

  private static void process(
      boolean encrypt,
      SecretBytes key,
      byte[] iv,
      byte[] in,
      int inAt,
      byte[] out,
      int outAt,
      int count) {
    CBCModeCipher cipher = CBCBlockCipher.newInstance(AESEngine.newInstance());
    key.run(octets -> cipher.init(encrypt, new ParametersWithIV(new KeyParameter(octets), iv)));
    for (int at = 0; at < count; at += BLOCK_OCTETS) {
      cipher.processBlock(in, inAt + at, out, outAt + at);
    }
  }
}
