package org.keyfleet.hsm;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * How one key is made from another, in a form that tokens compute inside (CKM_AES_ECB_ENCRYPT_DATA,
 * PKCS#11 2.40 section 2.15): child = AES-ECB(parent, SHA-256(label)). A pseudorandom function of
 * the label as long as AES is one, up to the two blocks being different.
 */
public final class KeyDerivation {
  /** Octets of every derived key. */
  public static final int CHILD_OCTETS = 32;

  static final int BLOCK_OCTETS = 16;

  private KeyDerivation() {}

  /** The 32 octets that stand for {@code label} as the input of the derivation. */
  public static Bytes input(Bytes label) {
    try {
      return Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(label.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The first {@code octets} of {@link #input}: a child has as many octets as its input. */
  public static Bytes input(Bytes label, int octets) {
    return input(label).slice(0, octets);
  }

  /**
   * The derived key, computed in host memory: for the soft store and for a peer that holds the
   * parent.
   *
   * @param parent an AES key of 16, 24 or 32 octets, or the 32 octets of an ECDH x-coordinate
   * @return 32 octets, which the caller closes
   */
  public static SecretBytes derive(SecretBytes parent, Bytes label) {
    return derive(parent, label, CHILD_OCTETS);
  }

  /**
   * The same for a child of fewer octets: the first of those that the whole one would have.
   *
   * @param childOctets 16, 24 or 32
   */
  public static SecretBytes derive(SecretBytes parent, Bytes label, int childOctets) {
    byte[] child = new byte[CHILD_OCTETS];
    try {
      byte[] input = input(label).toArray();
      BlockCipher aes = AESEngine.newInstance();
      parent.run(octets -> aes.init(true, new KeyParameter(octets)));
      for (int at = 0; at < childOctets; at += BLOCK_OCTETS) {
        aes.processBlock(input, at, child, at);
      }
      return SecretBytes.takeFrom(Arrays.copyOf(child, childOctets));
    } finally {
      Arrays.fill(child, (byte) 0);
    }
  }
}
