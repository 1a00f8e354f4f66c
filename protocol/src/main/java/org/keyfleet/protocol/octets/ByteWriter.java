package org.keyfleet.protocol.octets;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Builds an octet string, big-endian. A value that does not fit its field is our bug and throws
 * unchecked.
 */
public final class ByteWriter {
  private static final int FIRST_CAPACITY_OCTETS = 128;

  private byte[] octets = new byte[FIRST_CAPACITY_OCTETS];
  private int size;

  public int size() {
    return size;
  }

  public ByteWriter u8(int value) {
    requireFits(value, 0xff);
    room(1);
    octets[size++] = (byte) value;
    return this;
  }

  public ByteWriter u16(int value) {
    requireFits(value, 0xffff);
    room(2);
    octets[size++] = (byte) (value >> 8);
    octets[size++] = (byte) value;
    return this;
  }

  public ByteWriter u32(long value) {
    requireFits(value, 0xffff_ffffL);
    return u16((int) (value >>> 16)).u16((int) value & 0xffff);
  }

  /** 64 bits, as they stand. */
  public ByteWriter u64(long value) {
    return u32(value >>> 32).u32(value & 0xffff_ffffL);
  }

  public ByteWriter zeros(int count) {
    room(count);
    size += count;
    return this;
  }

  public ByteWriter bytes(Bytes value) {
    room(value.size());
    value.copyTo(octets, size);
    size += value.size();
    return this;
  }

  public ByteWriter bytes(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, octets, size, value.length);
    size += value.length;
    return this;
  }

  /** Overwrites two octets at {@code at}, for a length known only later. */
  public ByteWriter patchU16(int at, int value) {
    requireFits(value, 0xffff);
    if (at < 0 || at + 2 > size) {
      throw new IllegalArgumentException("patch at " + at + " of " + size);
    }
    octets[at] = (byte) (value >> 8);
    octets[at + 1] = (byte) value;
    return this;
  }

  /**
   * Writes {@code body} behind a 16-bit length that counts {@code counted} octets more than the
   * body itself.
   */
  public ByteWriter lengthU16(int counted, Consumer<ByteWriter> body) {
    int lengthAt = size;
    u16(0);
    body.accept(this);
    return patchU16(lengthAt, size - lengthAt - 2 + counted);
  }

  public Bytes toBytes() {
    return Bytes.copyOf(octets, 0, size);
  }

  /** A copy; the caller owns it. */
  public byte[] toArray() {
    return Arrays.copyOf(octets, size);
  }

  /** Zeroes what was written, for a writer that held a secret. */
  public void wipe() {
    Arrays.fill(octets, (byte) 0);
    size = 0;
  }

  private static void requireFits(long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException("value " + value + " is over " + max);
    }
  }

  private void room(int count) {
    int needed = Math.addExact(size, count);
    if (needed > octets.length) {
      byte[] old = octets;
      octets = Arrays.copyOf(old, Math.max(needed, old.length * 2));
      Arrays.fill(old, (byte) 0);
    }
  }
}
