package org.keyfleet.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;

/**
 * How a demand is made and a membership begun: by the issuer, or by the host where there is none.
 */
final class GateCommands {
  private static final short START_OCTETS =
      Gate.SPI_OCTETS + Gate.NUMBER_OCTETS + Gate.POINT_OCTETS + Hmac.OCTETS;

  private final Gate gate;
  private final byte[] work;

  /**
   * @param work transient memory of {@link P256#WORK_OCTETS}
   */
  GateCommands(Gate gate, byte[] work) {
    this.gate = gate;
    this.work = work;
  }

  /** Data: the GCKS's key, or nothing. */
  void demand(byte mode, byte[] data, short at, short octets, boolean byIssuer) {
    if (!byIssuer) {
      gate.requireRaise(mode);
    }
    if (octets != 0) {
      requirePoint(data, at, octets);
      boolean known = gate.hasKey() && gate.knows(data, at, work);
      if (gate.hasKey() && !known && !byIssuer) {
        ISOException.throwIt(Sw.OTHER_KEY);
      }
      if (!known) {
        gate.pin(data, at);
      }
    }
    gate.setMode(mode);
  }

  /** Data: SPI | lowest Message ID | the GCKS's key | digest of the wrapped key to release. */
  void start(byte[] data, short at, short octets, boolean byIssuer) {
    short pointAt = (short) (at + Gate.SPI_OCTETS + Gate.NUMBER_OCTETS);
    if (octets != START_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    if (!byIssuer && gate.isIssuers()) {
      ISOException.throwIt(Sw.POLICY);
    }
    requirePoint(data, pointAt, Gate.POINT_OCTETS);
    if (!byIssuer && gate.hasKey() && !gate.knows(data, pointAt, work)) {
      ISOException.throwIt(Sw.OTHER_KEY);
    }
    // SPI | next | point | digest becomes point, after it SPI | next | from | digest
    short digestAt = (short) (pointAt + Gate.POINT_OCTETS);
    short recordAt = (short) (digestAt + Hmac.OCTETS);
    Util.arrayCopyNonAtomic(data, at, data, recordAt, (short) (pointAt - at));
    Util.arrayFillNonAtomic(data, (short) (recordAt + Gate.FROM_AT), Gate.NUMBER_OCTETS, (byte) 0);
    Util.arrayCopyNonAtomic(data, digestAt, data, (short) (recordAt + Gate.TICKET_AT), Hmac.OCTETS);
    gate.start(data, recordAt, data, pointAt, work);
    if (byIssuer) {
      gate.confirm();
    }
  }

  private void requirePoint(byte[] data, short at, short octets) {
    if (octets != Gate.POINT_OCTETS) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    if (!P256.isOnCurve(data, at, work)) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
  }
}
