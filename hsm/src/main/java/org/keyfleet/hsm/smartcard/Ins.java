package org.keyfleet.hsm.smartcard;

/** The applet's instructions, as docs/manual/smart-card.md lists them. */
enum Ins {
  VERIFY(0x00, 0x20),
  CHANGE_REFERENCE_DATA(0x00, 0x24),
  RESET_RETRY_COUNTER(0x00, 0x2C),
  INFO(0x80, 0x10),
  INITIALIZE(0x80, 0x12),
  PUT_KEY(0x80, 0x30),
  GENERATE_SECRET(0x80, 0x32),
  UNWRAP(0x80, 0x34),
  RELEASE(0x80, 0x36),
  DERIVE(0x80, 0x38),
  AGREE(0x80, 0x3A),
  TRY_AGREE(0x80, 0x3C),
  MAC(0x80, 0x40),
  SIGN(0x80, 0x42),
  GENERATE_IDENTITY(0x80, 0x44),
  PUBLIC_KEY(0x80, 0x46),
  WRITE_CERTIFICATE(0x80, 0x48),
  READ_CERTIFICATE(0x80, 0x4A),
  DESCRIBE(0x80, 0x4C),
  LIST(0x80, 0x4E),
  DESTROY(0x80, 0x50);

  private final int cla;
  private final int ins;

  Ins(int cla, int ins) {
    this.cla = cla;
    this.ins = ins;
  }

  int cla() {
    return cla;
  }

  int ins() {
    return ins;
  }
}
