package org.keyfleet.protocol.secret;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Key octets in host memory: lent to a function, wiped by {@link #close}. The garbage collector may
 * have moved the array before; {@code docs/threat-model.md} says what that leaves.
 */
public final class SecretBytes implements AutoCloseable {
  private final byte[] octets;
  private boolean closed;

  private SecretBytes(byte[] octets) {
    this.octets = octets;
  }

  /** Copies {@code source}, then zeroes it. */
  public static SecretBytes takeFrom(byte[] source) {
    SecretBytes secret = new SecretBytes(source.clone());
    Arrays.fill(source, (byte) 0);
    return secret;
  }

  /** {@code count} fresh random octets. */
  public static SecretBytes random(SecureRandom random, int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return new SecretBytes(octets);
  }

  /** Joins copies of the parts; the parts stay open. */
  public static SecretBytes concat(SecretBytes... parts) {
    int size = 0;
    for (SecretBytes part : parts) {
      size = Math.addExact(size, part.size());
    }
    byte[] all = new byte[size];
    int at = 0;
    for (SecretBytes part : parts) {
      int start = at;
      part.run(octets -> System.arraycopy(octets, 0, all, start, octets.length));
      at += part.size();
    }
    return new SecretBytes(all);
  }

  public int size() {
    return octets.length;
  }

  /** Lends the octets to {@code use}, which neither keeps nor changes them. */
  public synchronized <T> T use(Function<byte[], T> use) {
    requireOpen();
    return use.apply(octets);
  }

  /** Lends the octets to {@code use}, which neither keeps nor changes them. */
  public synchronized void run(Consumer<byte[]> use) {
    requireOpen();
    use.accept(octets);
  }

  /** The octets {@code [from, to)} as a secret of their own. */
  public synchronized SecretBytes slice(int from, int to) {
    requireOpen();
    return new SecretBytes(Arrays.copyOfRange(octets, from, to));
  }

  public SecretBytes copy() {
    return slice(0, octets.length);
  }

  /** Compares in time that depends on the lengths only. */
  public synchronized boolean matches(byte[] other) {
    requireOpen();
    return MessageDigest.isEqual(octets, other);
  }

  @Override
  public synchronized void close() {
    Arrays.fill(octets, (byte) 0);
    closed = true;
  }

  @Override
  public String toString() {
    return "SecretBytes[" + octets.length + " octets]";
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("secret is wiped");
    }
  }
}
