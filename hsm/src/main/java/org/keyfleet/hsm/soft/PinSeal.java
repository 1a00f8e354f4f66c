package org.keyfleet.hsm.soft;

import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Seals under the PIN. The header says how hard it is to try one:
 *
 * <pre>
 *   4 memory KiB | 2 passes | 2 lanes | 16 salt
 * </pre>
 */
final class PinSeal implements StoreSeal {
  private static final int VERSION = 1;

  private final char[] pin;
  private final SecureRandom random;

  /** The PIN stays the caller's, who wipes it after the open. */
  PinSeal(char[] pin, SecureRandom random) {
    this.pin = pin;
    this.random = random;
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public int headerOctets() {
    return 4 + 2 + 2 + PinKey.SALT_OCTETS;
  }

  @Override
  public Bytes newHeader() {
    byte[] salt = new byte[PinKey.SALT_OCTETS];
    random.nextBytes(salt);
    return new ByteWriter()
        .u32(PinKey.DEFAULT.memoryKib())
        .u16(PinKey.DEFAULT.passes())
        .u16(PinKey.DEFAULT.lanes())
        .bytes(salt)
        .toBytes();
  }

  @Override
  public SecretBytes key(Bytes header) throws CustodyException {
    Bytes salt = header.slice(header.size() - PinKey.SALT_OCTETS, header.size());
    return cost(header).of(pin, salt);
  }

  /** Within its bounds, whatever the file says. */
  static PinKey cost(Bytes header) throws CustodyException {
    try {
      ByteReader in = header.reader();
      return new PinKey((int) in.u32("memory"), in.u16("passes"), in.u16("lanes")).requireBounded();
    } catch (MalformedMessageException e) {
      throw new CustodyException(CustodyFault.INTERNAL, "key file is cut short", e);
    }
  }

  @Override
  public CustodyException refusal(Throwable cause) {
    return new CustodyException(
        CustodyFault.PIN, "the PIN is wrong, or the key file is damaged: correct the PIN", cause);
  }
}
