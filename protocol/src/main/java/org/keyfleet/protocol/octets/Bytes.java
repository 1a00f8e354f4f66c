package org.keyfleet.protocol.octets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable octet string, for public data only: identifiers, wrapped keys, messages. Key octets
 * live in {@link org.keyfleet.protocol.secret.SecretBytes}.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] octets;

  private Bytes(byte[] octets) {
    this.octets = octets;
  }

  /** Copies {@code octets}. */
  public static Bytes copyOf(byte[] octets) {
    return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
  }

  /** Copies {@code octets[from, to)}. */
  public static Bytes copyOf(byte[] octets, int from, int to) {
    return from == to ? EMPTY : new Bytes(Arrays.copyOfRange(octets, from, to));
  }

  /** Takes ownership of {@code octets}: the caller drops its reference. */
  static Bytes owning(byte[] octets) {
    return octets.length == 0 ? EMPTY : new Bytes(octets);
  }

  public static Bytes of(int... octets) {
    byte[] copy = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      copy[i] = (byte) octets[i];
    }
    return owning(copy);
  }

  /** Reads hex digits; blanks between octets are allowed. */
  public static Bytes fromHex(String hex) {
    return owning(HexFormat.of().parseHex(hex.replace(" ", "").replace("\n", "")));
  }

  public static Bytes ofUtf8(String text) {
    return owning(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Joins the parts into one string. */
  public static Bytes concat(Bytes... parts) {
    int size = 0;
    for (Bytes part : parts) {
      size = Math.addExact(size, part.size());
    }
    byte[] all = new byte[size];
    int at = 0;
    for (Bytes part : parts) {
      part.copyTo(all, at);
      at += part.size();
    }
    return owning(all);
  }

  public int size() {
    return octets.length;
  }

  public boolean isEmpty() {
    return octets.length == 0;
  }

  /** The octet at {@code index}, 0 to 255. */
  public int at(int index) {
    return octets[index] & 0xff;
  }

  /** The octets {@code [from, to)} as a string of their own. */
  public Bytes slice(int from, int to) {
    return from == 0 && to == octets.length ? this : copyOf(octets, from, to);
  }

  /** A copy; the caller owns it. */
  public byte[] toArray() {
    return octets.clone();
  }

  public void copyTo(byte[] target, int at) {
    System.arraycopy(octets, 0, target, at, octets.length);
  }

  /** A reader over this string from its first octet. */
  public ByteReader reader() {
    return new ByteReader(octets, 0, octets.length);
  }

  /** Compares in time that depends on the lengths only. */
  public boolean matches(Bytes other) {
    return MessageDigest.isEqual(octets, other.octets);
  }

  /** Lower-case hex digits without blanks. */
  public String hex() {
    return HexFormat.of().formatHex(octets);
  }

  /** The octets read as UTF-8 text. */
  public String utf8() {
    return new String(octets, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /** Short strings (identifiers, SPIs) in hex, longer ones by their length. */
  @Override
  public String toString() {
    return octets.length <= 16 ? hex() : "Bytes[" + octets.length + " octets]";
  }
}
