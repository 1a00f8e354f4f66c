package org.keyfleet.hsm.smartcard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.TerminalFactory;
import jnasmartcardio.Smartcardio;

/** A card in a reader of PC/SC, held alone, with a context of its own. */
final class PcscChannel implements CardChannel {
  private static final int MAX_ANSWER_OCTETS = 258;
  private static final long STEP_NANOS = 50_000_000;

  private final Smartcardio.JnaCardTerminals terminals;
  private final Card card;

  private PcscChannel(Smartcardio.JnaCardTerminals terminals, Card card) {
    this.terminals = terminals;
    this.card = card;
  }

  /**
   * Connects to the card.
   *
   * @param patienceNanos how long to wait for reader and card
   */
  static PcscChannel open(String reader, long patienceNanos) throws IOException {
    Smartcardio.JnaCardTerminals terminals = terminals();
    boolean open = false;
    try {
      // nobody else may select another applet or reset the card under us
      Card card = awaitTerminal(terminals, reader, patienceNanos).connect("EXCLUSIVE;*");
      open = true;
      return new PcscChannel(terminals, card);
    } catch (CardException e) {
      String reason = String.valueOf(e.getMessage());
      throw new IOException(
          reason.contains("SHARING_VIOLATION") ? "another program uses the card" : reason, e);
    } finally {
      if (!open) {
        release(terminals);
      }
    }
  }

  private static Smartcardio.JnaCardTerminals terminals() throws IOException {
    try {
      TerminalFactory factory = TerminalFactory.getInstance("PC/SC", null, new Smartcardio());
      return (Smartcardio.JnaCardTerminals) factory.terminals();
    } catch (NoSuchAlgorithmException | Smartcardio.EstablishContextException e) {
      throw new IOException("pcscd does not answer: start it", e);
    }
  }

  private static CardTerminal awaitTerminal(
      CardTerminals terminals, String reader, long patienceNanos)
      throws CardException, IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        return terminal(terminals, reader);
      } catch (IOException e) {
        if (System.nanoTime() - start >= patienceNanos) {
          throw e;
        }
        LockSupport.parkNanos(STEP_NANOS);
      }
    }
  }

  private static CardTerminal terminal(CardTerminals terminals, String reader)
      throws CardException, IOException {
    List<CardTerminal> named =
        terminals.list(CardTerminals.State.ALL).stream()
            .filter(terminal -> terminal.getName().contains(reader))
            .toList();
    for (CardTerminal terminal : named) {
      if (terminal.isCardPresent()) {
        return terminal;
      }
    }
    throw new IOException(named.isEmpty() ? "there is no such reader" : "the reader is empty");
  }

  @Override
  public byte[] transmit(byte[] command) throws IOException {
    byte[] answer = new byte[MAX_ANSWER_OCTETS];
    try {
      int octets =
          card.getBasicChannel().transmit(ByteBuffer.wrap(command), ByteBuffer.wrap(answer));
      return Arrays.copyOf(answer, octets);
    } catch (CardException | IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      // a card that goes during a command may leave an answer without status word
      throw new IOException("the card broke off", e);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  @Override
  public void close() {
    try {
      // a reset ends the session keys and the PIN, whoever comes next
      card.disconnect(true);
    } catch (CardException | IllegalStateException e) {
      // pcscd or the card is gone, and the session with it
    }
    release(terminals);
  }

  private static void release(Smartcardio.JnaCardTerminals terminals) {
    try {
      terminals.close();
    } catch (CardException e) {
      // pcscd is gone, and the context with it
    }
  }
}
