package org.keyfleet.hsm.smartcard;

import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.RekeyGate;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/** The check of rekey messages in the card. */
final class CardGate implements RekeyGate {
  private static final int SPI_OCTETS = 16;
  private static final int MAX_SIGNATURE_OCTETS = 72;

  private final CardSession session;

  CardGate(CardSession session) {
    this.session = session;
  }

  /** What the card begins a membership with; also the content of the issuer's message. */
  static Bytes startData(Bytes spi, long nextMessageId, Bytes gcksPoint, Bytes saKey) {
    if (spi.size() != SPI_OCTETS || gcksPoint.size() != CardIdentities.POINT_OCTETS) {
      throw new IllegalArgumentException(
          "SPI of " + spi.size() + " and point of " + gcksPoint.size() + " octets");
    }
    return new ByteWriter()
        .bytes(spi)
        .u32(nextMessageId)
        .bytes(gcksPoint)
        .bytes(KeyDerivation.input(saKey))
        .toBytes();
  }

  @Override
  public void start(Bytes spi, long nextMessageId, Bytes gcksPoint, Bytes saKey)
      throws CustodyException {
    Bytes data = startData(spi, nextMessageId, gcksPoint, saKey);
    session.send("begin a membership", Ins.START, 0, 0, data);
  }

  @Override
  public void admit(Bytes signedOctets, Bytes signature, Bytes saKey) throws CustodyException {
    if (signature.size() > MAX_SIGNATURE_OCTETS) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the card verifies ECDSA over P-256 with SHA-256 alone");
    }
    Bytes data =
        new ByteWriter()
            .bytes(KeyDerivation.input(saKey))
            .u8(signature.size())
            .bytes(signature)
            .bytes(signedOctets)
            .toBytes();
    session.send("admit the rekey", Ins.ADMIT, 0, 0, data);
  }

  @Override
  public void confirm() throws CustodyException {
    session.ask("confirm a rekey", Ins.CONFIRM, 0, 0);
  }
}
