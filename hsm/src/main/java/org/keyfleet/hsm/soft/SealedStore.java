package org.keyfleet.hsm.soft;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * The key file: a header in clear, then AES-256-GCM with the header as associated data.
 *
 * <pre>
 *   6 "KFKEYS" | 2 version | what its {@link StoreSeal} needs | 12 nonce | ciphertext
 * </pre>
 *
 * @param sealHeader what the seal finds its key by
 * @param header everything before the ciphertext
 */
record SealedStore(StoreSeal seal, Bytes sealHeader, Bytes nonce, Bytes header, Bytes ciphertext) {
  private static final Bytes MAGIC = Bytes.ofUtf8("KFKEYS");
  private static final int NONCE_OCTETS = 12;
  private static final int TAG_BITS = 128;

  static SealedStore parse(Bytes file, StoreSeal seal) throws CustodyException {
    try {
      ByteReader in = file.reader();
      if (!in.take(MAGIC.size(), "magic").equals(MAGIC) || in.u16("version") != seal.version()) {
        throw new CustodyException(
            CustodyFault.INTERNAL, "not a key file of version " + seal.version());
      }
      Bytes sealHeader = in.take(seal.headerOctets(), "seal");
      Bytes nonce = in.take(NONCE_OCTETS, "nonce");
      Bytes ciphertext = in.takeRest();
      Bytes header = file.slice(0, file.size() - ciphertext.size());
      return new SealedStore(seal, sealHeader, nonce, header, ciphertext);
    } catch (MalformedMessageException e) {
      throw new CustodyException(CustodyFault.INTERNAL, "key file is cut short", e);
    }
  }

  SecretBytes key() throws CustodyException {
    return seal.key(sealHeader);
  }

  /** Seals {@code plain} under a fresh nonce. */
  static Bytes seal(
      int version, Bytes sealHeader, SecretBytes key, SecretBytes plain, SecureRandom random) {
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    Bytes header =
        new ByteWriter().bytes(MAGIC).u16(version).bytes(sealHeader).bytes(nonce).toBytes();
    AEADBlockCipher gcm = gcm(true, key, Bytes.copyOf(nonce), header);
    byte[] sealed = new byte[gcm.getOutputSize(plain.size())];
    plain.run(
        octets -> {
          try {
            int at = gcm.processBytes(octets, 0, octets.length, sealed, 0);
            gcm.doFinal(sealed, at);
          } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("encryption does not fail", e);
          }
        });
    return Bytes.concat(header, Bytes.copyOf(sealed));
  }

  /** The content; a wrong key and a damaged file look the same. */
  SecretBytes open(SecretBytes key) throws CustodyException {
    AEADBlockCipher gcm = gcm(false, key, nonce, header);
    byte[] plain = new byte[gcm.getOutputSize(ciphertext.size())];
    try {
      int at = gcm.processBytes(ciphertext.toArray(), 0, ciphertext.size(), plain, 0);
      gcm.doFinal(plain, at);
      return SecretBytes.takeFrom(plain);
    } catch (InvalidCipherTextException e) {
      throw seal.refusal(e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static AEADBlockCipher gcm(boolean seal, SecretBytes key, Bytes nonce, Bytes header) {
    AEADBlockCipher gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
    key.run(
        octets ->
            gcm.init(
                seal,
                new AEADParameters(
                    new KeyParameter(octets), TAG_BITS, nonce.toArray(), header.toArray())));
    return gcm;
  }
}
