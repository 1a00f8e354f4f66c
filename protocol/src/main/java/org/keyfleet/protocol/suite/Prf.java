package org.keyfleet.protocol.suite;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** Pseudo-random functions, Transform Type 2 (RFC 7296 section 3.3.2, RFC 4868). */
public enum Prf {
  HMAC_SHA2_256(5, 32),
  HMAC_SHA2_384(6, 48),
  HMAC_SHA2_512(7, 64);

  /** RFC 7296 section 2.13: the counter of prf+ is one octet and starts at 1. */
  private static final int MAX_PLUS_BLOCKS = 255;

  private final int transformId;
  private final int outputOctets;

  Prf(int transformId, int outputOctets) {
    this.transformId = transformId;
    this.outputOctets = outputOctets;
  }

  public static Optional<Prf> ofTransformId(int transformId) {
    for (Prf prf : values()) {
      if (prf.transformId == transformId) {
        return Optional.of(prf);
      }
    }
    return Optional.empty();
  }

  public int transformId() {
    return transformId;
  }

  /** Also the preferred key size (RFC 7296 section 2.14). */
  public int outputOctets() {
    return outputOctets;
  }

  /** prf(key, data), where data is the parts joined. */
  public SecretBytes mac(SecretBytes key, Bytes... data) {
    HMac mac = keyed(key);
    for (Bytes part : data) {
      update(mac, part);
    }
    return finish(mac);
  }

  /** prf(key, data) over secret data. */
  public SecretBytes mac(SecretBytes key, SecretBytes data) {
    HMac mac = keyed(key);
    data.run(octets -> mac.update(octets, 0, octets.length));
    return finish(mac);
  }

  /** prf+(key, seed), {@code octets} long (RFC 7296 section 2.13). */
  public SecretBytes plus(SecretBytes key, Bytes seed, int octets) {
    if (octets < 0 || octets > MAX_PLUS_BLOCKS * outputOctets) {
      throw new IllegalArgumentException("prf+ of " + octets + " octets");
    }
    byte[] output = new byte[octets];
    byte[] block = new byte[outputOctets];
    HMac mac = keyed(key);
    int at = 0;
    for (int counter = 1; at < octets; counter++) {
      if (counter > 1) {
        mac.update(block, 0, block.length);
      }
      update(mac, seed);
      mac.update((byte) counter);
      mac.doFinal(block, 0);
      int count = Math.min(block.length, octets - at);
      System.arraycopy(block, 0, output, at, count);
      at += count;
    }
    Arrays.fill(block, (byte) 0);
    return SecretBytes.takeFrom(output);
  }

  private SecretBytes finish(HMac mac) {
    byte[] output = new byte[outputOctets];
    mac.doFinal(output, 0);
    return SecretBytes.takeFrom(output);
  }

  private HMac keyed(SecretBytes key) {
    HMac mac = new HMac(digest());
    key.run(octets -> mac.init(new KeyParameter(octets)));
    return mac;
  }

  private ExtendedDigest digest() {
    return switch (this) {
      case HMAC_SHA2_256 -> SHA256Digest.newInstance();
      case HMAC_SHA2_384 -> new SHA384Digest();
      case HMAC_SHA2_512 -> new SHA512Digest();
    };
  }

  private static void update(HMac mac, Bytes data) {
    byte[] octets = data.toArray();
    mac.update(octets, 0, octets.length);
  }
}
