package org.keyfleet.hsm.smartcard;

import java.io.IOException;
import java.util.Arrays;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Commands to the applet of one card. Data of more than 240 octets goes by command chaining
 * (ISO/IEC 7816-4 section 5.3.3), which every reader and protocol carries. After a failure of the
 * channel the session is over.
 */
final class CardSession implements AutoCloseable {
  private static final int MORE = 0x10;

  /** Less than the 255 of a short command: with header and Le those overrun some cards' buffers. */
  private static final int MAX_DATA_OCTETS = 240;

  private static final int HEADER_OCTETS = 4;

  private final String card;
  private final CardChannel channel;
  private boolean lost;

  private CardSession(String card, CardChannel channel) {
    this.card = card;
    this.channel = channel;
  }

  /** Connects to the card and selects the applet. */
  static CardSession start(CardReader reader, Bytes aid) throws CustodyException {
    CardSession session;
    try {
      session = new CardSession("the card in " + reader.name(), reader.connect());
    } catch (IOException e) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, "no card in " + reader.name() + ": " + e.getMessage(), e);
    }
    try {
      session.requireOk("select the applet on", session.transmit(select(aid)));
      return session;
    } catch (CustodyException e) {
      session.close();
      throw e;
    }
  }

  boolean isLost() {
    return lost;
  }

  /** The answer to a command without data. */
  Bytes ask(String what, Ins ins, int p1, int p2) throws CustodyException {
    byte[] command = {(byte) ins.cla(), (byte) ins.ins(), (byte) p1, (byte) p2, 0};
    return Bytes.copyOf(requireOk(what, transmit(command)));
  }

  Bytes send(String what, Ins ins, int p1, int p2, Bytes data) throws CustodyException {
    return Bytes.copyOf(sendSecret(what, ins, p1, p2, data.toArray()));
  }

  /**
   * Sends data that may be secret.
   *
   * @param data is wiped
   * @return the answer's data; the caller wipes it if it is secret
   */
  byte[] sendSecret(String what, Ins ins, int p1, int p2, byte[] data) throws CustodyException {
    try {
      int at = 0;
      while (data.length - at > MAX_DATA_OCTETS) {
        byte[] part = command(ins, MORE, p1, p2, data, at, MAX_DATA_OCTETS);
        requireOk(what, transmitAndWipe(part));
        at += MAX_DATA_OCTETS;
      }
      byte[] last = command(ins, 0, p1, p2, data, at, data.length - at);
      return requireOk(what, transmitAndWipe(last));
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }

  /** The status word of a command, for those who want to see it. */
  int status(Ins ins, int p1, int p2, byte[] data) throws CustodyException {
    byte[] answer = transmitAndWipe(command(ins, 0, p1, p2, data, 0, data.length));
    int statusWord = statusWord(answer);
    Arrays.fill(answer, (byte) 0);
    return statusWord;
  }

  @Override
  public void close() {
    lost = true;
    channel.close();
  }

  private byte[] transmitAndWipe(byte[] command) throws CustodyException {
    try {
      return transmit(command);
    } finally {
      Arrays.fill(command, (byte) 0);
    }
  }

  private byte[] transmit(byte[] command) throws CustodyException {
    if (lost) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, card + " is gone: recover");
    }
    try {
      byte[] answer = channel.transmit(command);
      if (answer.length < 2) {
        throw new IOException("an answer of " + answer.length + " octets");
      }
      return answer;
    } catch (IOException e) {
      lost = true;
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, card + " does not answer: " + e.getMessage(), e);
    }
  }

  private byte[] requireOk(String what, byte[] answer) throws CustodyException {
    int statusWord = statusWord(answer);
    if (statusWord != StatusWord.OK) {
      throw refused(what, statusWord);
    }
    byte[] data = Arrays.copyOf(answer, answer.length - 2);
    Arrays.fill(answer, (byte) 0);
    return data;
  }

  private CustodyException refused(String what, int statusWord) {
    CustodyFault fault = StatusWord.fault(statusWord);
    if (fault == CustodyFault.TOKEN_GONE) {
      lost = true;
    }
    return new CustodyException(
        fault, statusWord, card + " does not " + what + StatusWord.reason(statusWord), null);
  }

  private static int statusWord(byte[] answer) {
    return ((answer[answer.length - 2] & 0xFF) << 8) | (answer[answer.length - 1] & 0xFF);
  }

  /** Case 4 of ISO/IEC 7816-3: any length of answer will do. */
  private static byte[] command(
      Ins ins, int more, int p1, int p2, byte[] data, int at, int octets) {
    byte[] command = new byte[HEADER_OCTETS + 1 + octets + 1];
    command[0] = (byte) (ins.cla() | more);
    command[1] = (byte) ins.ins();
    command[2] = (byte) p1;
    command[3] = (byte) p2;
    command[HEADER_OCTETS] = (byte) octets;
    System.arraycopy(data, at, command, HEADER_OCTETS + 1, octets);
    return command;
  }

  private static byte[] select(Bytes aid) {
    return Bytes.concat(Bytes.of(0x00, 0xA4, 0x04, 0x00, aid.size()), aid, Bytes.of(0x00))
        .toArray();
  }
}
