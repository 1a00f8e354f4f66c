package org.keyfleet.protocol.octets;

/**
 * A bounds-checked cursor over octets of a peer, big-endian. It never reads over its end, and a
 * child reader never over the end of its parent; every fault is a {@link MalformedMessageException}
 * that names the field.
 */
public final class ByteReader {
  private final byte[] octets;
  private final int end;
  private int at;

  ByteReader(byte[] octets, int from, int end) {
    this.octets = octets;
    this.at = from;
    this.end = end;
  }

  public int remaining() {
    return end - at;
  }

  public boolean hasRemaining() {
    return at < end;
  }

  public int u8(String field) throws MalformedMessageException {
    require(1, field);
    return octets[at++] & 0xff;
  }

  /** The next octet, which stays unread. */
  public int peekU8(String field) throws MalformedMessageException {
    require(1, field);
    return octets[at] & 0xff;
  }

  public int u16(String field) throws MalformedMessageException {
    require(2, field);
    int value = (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
    at += 2;
    return value;
  }

  /** An unsigned 32-bit number, 0 to 2^32-1. */
  public long u32(String field) throws MalformedMessageException {
    return (long) u16(field) << 16 | u16(field);
  }

  /** 64 bits, as they stand. */
  public long u64(String field) throws MalformedMessageException {
    require(8, field);
    return u32(field) << 32 | u32(field);
  }

  public Bytes take(int count, String field) throws MalformedMessageException {
    require(count, field);
    Bytes taken = Bytes.copyOf(octets, at, at + count);
    at += count;
    return taken;
  }

  public Bytes takeRest() {
    Bytes taken = Bytes.copyOf(octets, at, end);
    at = end;
    return taken;
  }

  public void skip(int count, String field) throws MalformedMessageException {
    require(count, field);
    at += count;
  }

  /** A reader over the next {@code count} octets, which this one steps over. */
  public ByteReader child(int count, String field) throws MalformedMessageException {
    require(count, field);
    ByteReader child = new ByteReader(octets, at, at + count);
    at += count;
    return child;
  }

  public void expectEnd(String field) throws MalformedMessageException {
    if (at != end) {
      throw new MalformedMessageException(field + ": " + remaining() + " octets too many");
    }
  }

  private void require(int count, String field) throws MalformedMessageException {
    if (count < 0 || count > remaining()) {
      throw new MalformedMessageException(
          field + ": " + count + " octets wanted, " + remaining() + " left");
    }
  }
}
