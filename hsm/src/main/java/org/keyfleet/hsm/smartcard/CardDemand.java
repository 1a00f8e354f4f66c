package org.keyfleet.hsm.smartcard;

/** What a card asks before it releases a key that it got wrapped. */
public enum CardDemand {
  /** Nothing. */
  NONE(0),
  /** A rekey message that the GCKS signed, or a registration, which the host may begin. */
  SIGNED_REKEYS(1),
  /** The same, and only the issuer begins: for devices that never register. */
  ISSUED_START(2);

  private final int octet;

  CardDemand(int octet) {
    this.octet = octet;
  }

  int octet() {
    return octet;
  }
}
