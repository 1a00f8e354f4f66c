package org.keyfleet.protocol.pki;

import java.util.ArrayList;
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
    if (text.length() > MAX_TEXT_CHARS) {
      throw new MalformedMessageException("PEM: " + text.length() + " characters");
    }
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    List<Bytes> blocks = new ArrayList<>();
    int at = text.indexOf(begin);
    while (at >= 0) {
      int stop = text.indexOf(end, at);
      if (stop < 0) {
        throw new MalformedMessageException("PEM: " + label + " without END line");
      }
      blocks.add(decode(text.substring(at + begin.length(), stop), label));
      at = text.indexOf(begin, stop);
    }
    return List.copyOf(blocks);
  }

  /** The one PKCS#8 private key in {@code text}. */
  public static SecretBytes privateKey(String text) throws MalformedMessageException {
    List<Bytes> keys = blocks(text, "PRIVATE KEY");
    if (keys.size() != 1) {
      throw new MalformedMessageException(
          "PEM: " + keys.size() + " blocks PRIVATE KEY, one wanted (PKCS#8, unencrypted)");
    }
    return SecretBytes.takeFrom(keys.get(0).toArray());
  }

  public static String encode(String label, Bytes der) {
    String base64 =
        Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der.toArray());
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private static Bytes decode(String base64, String label) throws MalformedMessageException {
    try {
      return Bytes.copyOf(
          Base64.getDecoder().decode(base64.replace("\r", "").replace("\n", "").trim()));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("PEM: " + label + " is not base64");
    }
  }
}
