package org.keyfleet.hsm.smartcard;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A reader of PC/SC (pcscd). Each connection has a context of its own, so it also works after pcscd
 * was restarted. Needs jnasmartcardio and JNA on the class path, which a device without cards does
 * not carry.
 */
public final class PcscReader implements CardReader {
  /** A pcscd that its first client starts finds readers and cards a moment later. */
  private static final long FIRST_PATIENCE_NANOS = 3_000_000_000L;

  private final String name;
  private final AtomicBoolean used = new AtomicBoolean();

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
      return PcscChannel.open(name, used.getAndSet(true) ? 0 : FIRST_PATIENCE_NANOS);
    } catch (LinkageError e) {
      throw new IOException("this build has no PC/SC: add libpcsclite1, jnasmartcardio and JNA", e);
    }
  }
}
