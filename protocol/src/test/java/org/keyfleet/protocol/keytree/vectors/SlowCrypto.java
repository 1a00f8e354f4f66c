package org.keyfleet.protocol.keytree.vectors;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the vectors need, of the JDK's AES, HMAC and SHA-256. */
final class SlowCrypto {
  private SlowCrypto() {}

  /** Where a real group takes random octets: HMAC-SHA256(seed, what and a number of 4 octets). */
  static byte[] chosen(byte[] seed, String what, long number, int octets)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(seed, "HmacSHA256"));
    mac.update(what.getBytes(StandardCharsets.US_ASCII));
    return Arrays.copyOf(mac.doFinal(fourOctets(number)), octets);
  }

  static byte[] sha256(byte[]... parts) throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /** AES-ECB of the first octets of the label's digest. */
  static byte[] derived(byte[] key, int octets, byte[]... label) throws GeneralSecurityException {
    return ecb(key, Arrays.copyOf(sha256(label), octets));
  }

  /** RFC 5649 section 4.1, for keys whose octets are a multiple of 8 and more than 8. */
  static byte[] wrapped(byte[] kek, byte[] key) throws GeneralSecurityException {
    int n = key.length / 8;
    byte[] a = ByteBuffer.allocate(8).putInt(0xa65959a6).putInt(key.length).array();
    byte[][] r = new byte[n + 1][];
    for (int i = 1; i <= n; i++) {
      r[i] = Arrays.copyOfRange(key, 8 * (i - 1), 8 * i);
    }
    for (int j = 0; j <= 5; j++) { // RFC 3394 section 2.2.1
      for (int i = 1; i <= n; i++) {
        byte[] b = ecb(kek, ByteBuffer.allocate(16).put(a).put(r[i]).array());
        long t = (long) n * j + i;
        a = ByteBuffer.allocate(8).putLong(ByteBuffer.wrap(b).getLong() ^ t).array();
        r[i] = Arrays.copyOfRange(b, 8, 16);
      }
    }
    ByteBuffer out = ByteBuffer.allocate(8 * (n + 1)).put(a);
    for (int i = 1; i <= n; i++) {
      out.put(r[i]);
    }
    return out.array();
  }

  static byte[] fourOctets(long number) {
    return ByteBuffer.allocate(4).putInt((int) number).array();
  }

  static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  private static byte[] ecb(byte[] key, byte[] blocks) throws GeneralSecurityException {
    Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    return aes.doFinal(blocks);
  }
}
