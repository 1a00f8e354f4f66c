package org.keyfleet.hsm.smartcard;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.keyfleet.applet.testkit.SimulatedCard;

/** A reader in this process, whose card can be pulled and put back. */
public final class SimulatedReader implements CardReader {
  private final SimulatedCard card;
  private boolean pulled;
  private @Nullable Channel user;

  SimulatedReader(SimulatedCard card) {
    this.card = card;
  }

  public static SimulatedReader withBlankCard() {
    return new SimulatedReader(SimulatedCard.blank());
  }

  /** A blank card that obeys an issuer. */
  static SimulatedReader withCardOfIssuer(byte[] issuerKey) {
    return new SimulatedReader(SimulatedCard.ofIssuer(issuerKey));
  }

  @Override
  public String name() {
    return "simulated reader";
  }

  @Override
  public synchronized CardChannel connect() throws IOException {
    if (pulled) {
      throw new IOException("the reader is empty");
    }
    if (user != null) {
      throw new IOException("another program uses the card");
    }
    card.reset();
    Channel channel = new Channel();
    user = channel;
    return channel;
  }

  public synchronized void pull() {
    pulled = true;
    user = null;
    card.reset();
  }

  public synchronized void putBack() {
    pulled = false;
  }

  /** A reset that nobody told the user of. */
  void resetCard() {
    card.reset();
  }

  private synchronized byte[] transmit(Channel channel, byte[] command) throws IOException {
    if (user != channel) {
      throw new IOException("the card was removed");
    }
    return card.transmit(command);
  }

  private synchronized void close(Channel channel) {
    if (user == channel) {
      user = null;
      card.reset();
    }
  }

  private final class Channel implements CardChannel {
    @Override
    public byte[] transmit(byte[] command) throws IOException {
      return SimulatedReader.this.transmit(this, command);
    }

    @Override
    public void close() {
      SimulatedReader.this.close(this);
    }
  }
}
