package org.keyfleet.hsm.smartcard;

import java.io.IOException;

/**
 * A reader of PC/SC (pcscd). Each connection has a context of its own, so it also works after pcscd
 * was restarted. Needs jnasmartcardio and JNA on the class path, which a device without cards does
 * not carry.
 */
public final class PcscReader implements CardReader {
  private final String name;

  /**
   * @param name a part of the reader's name, as {@code pcsc_scan} shows it; empty for the first
   *     reader that has a card
   */
  public PcscReader(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name.isEmpty() ? "the PC/SC reader" : "PC/SC reader " + name;
  }

  @Override
  public CardChannel connect() throws IOException {
    try {
      return PcscChannel.open(name);
    } catch (LinkageError e) {
      throw new IOException("this build has no PC/SC: add libpcsclite1, jnasmartcardio and JNA", e);
    }
  }
}
