package org.keyfleet.applet;

/** The instructions; docs/manual/smart-card.md has their data, octet by octet. */
final class Ins {
  // class 00: ISO/IEC 7816-4 section 11.6
  static final byte VERIFY = 0x20;
  static final byte CHANGE_REFERENCE_DATA = 0x24;
  static final byte RESET_RETRY_COUNTER = 0x2C;

  // class 80: ours, before the PIN
  static final byte INFO = 0x10;
  static final byte INITIALIZE = 0x12;
  static final byte PERSONALIZE = 0x14;
  static final byte WIPE = 0x16;

  // class 80: ours, after the PIN
  static final byte PUT_KEY = 0x30;
  static final byte GENERATE_SECRET = 0x32;
  static final byte UNWRAP = 0x34;
  static final byte RELEASE = 0x36;
  static final byte DERIVE = 0x38;
  static final byte AGREE = 0x3A;
  static final byte TRY_AGREE = 0x3C;
  static final byte TRY_VERIFY = 0x3E;
  static final byte MAC = 0x40;
  static final byte SIGN = 0x42;
  static final byte GENERATE_IDENTITY = 0x44;
  static final byte PUBLIC_KEY = 0x46;
  static final byte WRITE_CERTIFICATE = 0x48;
  static final byte READ_CERTIFICATE = 0x4A;
  static final byte DESCRIBE = 0x4C;
  static final byte LIST = 0x4E;
  static final byte DESTROY = 0x50;
  static final byte PUT_LABELS = 0x52;
  static final byte SUBSET_KEY = 0x54;
  static final byte GATE = 0x56;
  static final byte DEMAND = 0x58;
  static final byte START = 0x5A;
  static final byte ADMIT = 0x5C;
  static final byte CONFIRM = 0x5E;
  static final byte DESCRIBE_LABELS = 0x60;

  private Ins() {}
}
