package org.keyfleet.protocol.suite;

import java.util.Arrays;
import java.util.function.Supplier;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * AES-GCM (RFC 4106, RFC 5282) and ChaCha20-Poly1305 (RFC 7634): nonce = 4 octets of salt | 8
 * octets of IV.
 */
final class AeadSkCipher extends SkCipher {
  private static final int SALT_OCTETS = 4;
  private static final int IV_OCTETS = 8;
  private static final int ICV_OCTETS = 16;

  private final Supplier<AEADCipher> cipher;

  private AeadSkCipher(int keyOctets, Supplier<AEADCipher> cipher) {
    super(keyOctets + SALT_OCTETS, 0, IV_OCTETS, ICV_OCTETS, 1);
    this.cipher = cipher;
  }

  static AeadSkCipher aesGcm(int keyOctets) {
    return new AeadSkCipher(keyOctets, () -> GCMBlockCipher.newInstance(AESEngine.newInstance()));
  }

  static AeadSkCipher chaCha20Poly1305() {
    return new AeadSkCipher(32, ChaCha20Poly1305::new);
  }

  @Override
  Bytes sealChecked(
      SecretBytes key, SecretBytes none, Bytes iv, Bytes associatedData, byte[] plaintext) {
    byte[] sealed = new byte[IV_OCTETS + plaintext.length + ICV_OCTETS];
    iv.copyTo(sealed, 0);
    AEADCipher aead = keyed(true, key, sealed, associatedData);
    try {
      int count = aead.processBytes(plaintext, 0, plaintext.length, sealed, IV_OCTETS);
      aead.doFinal(sealed, IV_OCTETS + count);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("sealing does not check an ICV", e);
    }
    return Bytes.copyOf(sealed);
  }

  @Override
  byte[] openChecked(SecretBytes key, SecretBytes none, Bytes associatedData, Bytes sealed)
      throws NotAuthenticException {
    byte[] octets = sealed.toArray();
    byte[] plaintext = new byte[octets.length - IV_OCTETS - ICV_OCTETS];
    AEADCipher aead = keyed(false, key, octets, associatedData);
    try {
      int count = aead.processBytes(octets, IV_OCTETS, octets.length - IV_OCTETS, plaintext, 0);
      aead.doFinal(plaintext, count);
      return plaintext;
    } catch (InvalidCipherTextException e) {
      Arrays.fill(plaintext, (byte) 0);
      throw new NotAuthenticException();
    }
  }

  private AEADCipher keyed(boolean seal, SecretBytes key, byte[] ivFirst, Bytes associatedData) {
    AEADCipher aead = cipher.get();
    key.run(
        octets -> {
          int keyOctets = octets.length - SALT_OCTETS;
          byte[] nonce = Arrays.copyOfRange(octets, keyOctets, keyOctets + SALT_OCTETS + IV_OCTETS);
          System.arraycopy(ivFirst, 0, nonce, SALT_OCTETS, IV_OCTETS);
          KeyParameter parameter = new KeyParameter(octets, 0, keyOctets);
          aead.init(seal, new AEADParameters(parameter, ICV_OCTETS * 8, nonce));
        });
    byte[] data = associatedData.toArray();
    aead.processAADBytes(data, 0, data.length);
    return aead;
  }
}
