package org.keyfleet.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Opaque octets with the address they come from or go to; immutable. */
public final class Datagram {
  private final LinkAddress peer;
  private final byte[] octets;

  /** Copies {@code octets}. */
  public Datagram(LinkAddress peer, byte[] octets) {
    this.peer = Objects.requireNonNull(peer, "peer");
    this.octets = octets.clone();
  }

  private Datagram(ByteBuffer from, LinkAddress peer) {
    this.peer = Objects.requireNonNull(peer, "peer");
    this.octets = new byte[from.remaining()];
    from.get(octets);
  }

  /** Copies what remains in {@code from} and moves its position to the end. */
  public static Datagram copyOf(LinkAddress peer, ByteBuffer from) {
    return new Datagram(from, peer);
  }

  /** The source of a datagram that arrived, the destination of one to be sent. */
  public LinkAddress peer() {
    return peer;
  }

  public int size() {
    return octets.length;
  }

  /** A copy; the caller owns it. */
  public byte[] octets() {
    return octets.clone();
  }

  /** A read-only view of the octets. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(octets).asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Datagram that
        && peer.equals(that.peer)
        && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return 31 * peer.hashCode() + Arrays.hashCode(octets);
  }

  /** The peer and the length, never the content. */
  @Override
  public String toString() {
    return "Datagram[" + octets.length + " octets, " + peer + "]";
  }
}
