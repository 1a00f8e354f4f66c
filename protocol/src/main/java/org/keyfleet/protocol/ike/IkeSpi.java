package org.keyfleet.protocol.ike;

import java.security.SecureRandom;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/** One of the two SPIs of an IKE SA, 8 octets (RFC 7296 section 3.1). */
public record IkeSpi(long value) {
  public static final int OCTETS = 8;

  /** The responder's SPI before it has chosen one. */
  public static final IkeSpi NONE = new IkeSpi(0);

  /** A fresh SPI, never zero: "This value MUST NOT be zero." */
  public static IkeSpi random(SecureRandom random) {
    long value = random.nextLong();
    while (value == 0) {
      value = random.nextLong();
    }
    return new IkeSpi(value);
  }

  public boolean isNone() {
    return value == 0;
  }

  public Bytes octets() {
    return new ByteWriter().u64(value).toBytes();
  }

  /** Sixteen hex digits. */
  @Override
  public String toString() {
    return octets().hex();
  }
}
