package org.keyfleet.hsm.smartcard;

import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.Bytes;

/**
 * What the applet says of itself before any PIN.
 *
 * @param ready whether it has a PIN
 * @param issued whether it obeys an issuer's key
 * @param demands whether it releases what signed rekeys bring, and nothing else
 * @param pinTries how often the PIN may still be wrong
 * @param persistent the number of slots of persistent keys
 * @param session the number of slots of session keys
 * @param issuerNumber of the issuer's last message
 * @param serial a random number of 8 octets, made when the applet was installed
 */
record CardInfo(
    boolean ready,
    boolean issued,
    boolean demands,
    int pinTries,
    int persistent,
    int session,
    int identities,
    int maxWrappedOctets,
    int maxCertificateOctets,
    Bytes serial,
    long issuerNumber) {
  private static final int VERSION = 2;
  private static final int OCTETS = 23;
  private static final int FLAG_READY = 0x01;
  private static final int FLAG_ISSUED = 0x04;
  private static final int FLAG_DEMANDS = 0x08;

  static CardInfo of(CardSession session) throws CustodyException {
    Bytes info = session.ask("describe itself", Ins.INFO, 0, 0);
    if (info.size() < OCTETS || info.at(0) != VERSION) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the card has a version of the applet that is not known here");
    }
    int flags = info.at(1);
    return new CardInfo(
        (flags & FLAG_READY) != 0,
        (flags & FLAG_ISSUED) != 0,
        (flags & FLAG_DEMANDS) != 0,
        info.at(2),
        info.at(4),
        info.at(5),
        info.at(6),
        uint16(info, 7),
        uint16(info, 9),
        info.slice(11, 19),
        (long) uint16(info, 19) << 16 | uint16(info, 21));
  }

  private static int uint16(Bytes octets, int at) {
    return (octets.at(at) << 8) | octets.at(at + 1);
  }
}
