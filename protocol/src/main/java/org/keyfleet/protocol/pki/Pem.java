package org.keyfleet.protocol.pki;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/** The textual encoding of RFC 7468, read strictly: only blocks of the label asked for. */
public final class Pem {
  private static final int MAX_TEXT_CHARS = 1 << 20;
  private static final int LINE_CHARS = 64;

  private Pem() {}

  /** The DER contents of all blocks labelled {@code label}, in their order. */
  public static List<Bytes> blocks(String text, String label) throws MalformedMessageException {
    return decoded(text, label).stream().map(Bytes::copyOf).toList();
  }

  /**
   * The one PKCS#8 private key in {@code text}; the caller closes it. The text itself cannot be
   * wiped.
   */
  public static SecretBytes privateKey(String text) throws MalformedMessageException {
    List<byte[]> keys = decoded(text, "PRIVATE KEY");
    if (keys.size() != 1) {
      keys.forEach(key -> Arrays.fill(key, (byte) 0));
      throw new MalformedMessageException(
          "PEM: " + keys.size() + " blocks PRIVATE KEY, one wanted (PKCS#8, unencrypted)");
    }
    return SecretBytes.takeFrom(keys.get(0));
  }

  public static String encode(String label, Bytes der) {
    String base64 =
        Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der.toArray());
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private static List<byte[]> decoded(String text, String label) throws MalformedMessageException {
    if (text.length() > MAX_TEXT_CHARS) {
      throw new MalformedMessageException("PEM: " + text.length() + " characters");
    }
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    List<byte[]> blocks = new ArrayList<>();
    int at = text.indexOf(begin);
    while (at >= 0) {
      int stop = text.indexOf(end, at);
      if (stop < 0) {
        throw new MalformedMessageException("PEM: " + label + " without END line");
      }
      blocks.add(decode(text.substring(at + begin.length(), stop), label));
      at = text.indexOf(begin, stop);
    }
    return blocks;
  }

  private static byte[] decode(String base64, String label) throws MalformedMessageException {
    try {
      return Base64.getDecoder().decode(base64.replace("\r", "").replace("\n", "").trim());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("PEM: " + label + " is not base64");
    }
  }
}
