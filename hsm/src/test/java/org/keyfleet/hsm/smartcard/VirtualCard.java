package org.keyfleet.hsm.smartcard;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.keyfleet.applet.testkit.SimulatedCard;

/**
 * A program: a simulated card in vpcd, the virtual reader of vsmartcard. vpcd listens on every
 * interface, so {@link VirtualPcscd} runs both in a network namespace that has loopback only. Takes
 * the words "new", "pull" and "put" on its standard input and answers each with "done".
 *
 * <p>A message of vpcd is two octets of length and the rest: a command of one octet (0 power off, 1
 * power on, 2 reset, 4 answer to reset), or an APDU.
 */
final class VirtualCard {
  /** What it prints when it is there. */
  static final String READY = "ready";

  /** What it prints when it has obeyed. */
  static final String DONE = "done";

  private static final int RESET = 2;
  private static final int ANSWER_TO_RESET = 4;
  private static final long RETRY_NANOS = 50_000_000;

  private final int port;
  private SimulatedCard card = SimulatedCard.blank();
  private boolean in = true;

  /** Whether pcscd, which looks a few times a second, has seen that the card was out. */
  private boolean seenOut = true;

  private @Nullable Socket reader;

  private VirtualCard(int port) {
    this.port = port;
  }

  public static void main(String[] arguments) throws IOException {
    VirtualCard card = new VirtualCard(Integer.parseInt(arguments[0]));
    Thread thread = new Thread(card::serve, "virtual card");
    thread.setDaemon(true);
    thread.start();
    System.out.println(READY);
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    String word;
    while ((word = words.readLine()) != null) {
      card.obey(word);
      System.out.println(DONE);
    }
  }

  private synchronized void obey(String word) throws IOException {
    switch (word) {
      case "new" -> card = SimulatedCard.blank();
      case "pull" -> {
        in = false;
        seenOut = false;
        card.reset();
        if (reader != null) {
          reader.close();
        }
      }
      case "put" -> in = true;
      default -> throw new IllegalArgumentException(word);
    }
  }

  private synchronized boolean isIn() {
    return in;
  }

  /** Goes back into the reader whenever it fell out of it, for example because pcscd ended. */
  private void serve() {
    while (true) {
      if (isIn()) {
        try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port)) {
          connected.setTcpNoDelay(true);
          answerAll(connected);
        } catch (IOException e) {
          // pulled, or no reader there
        }
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private void answerAll(Socket connected) throws IOException {
    synchronized (this) {
      if (!in) {
        return;
      }
      reader = connected;
    }
    DataInputStream from = new DataInputStream(connected.getInputStream());
    DataOutputStream to = new DataOutputStream(connected.getOutputStream());
    while (true) {
      // vpcd sends length and rest apart: without this the rest waits 40 ms for an acknowledgement
      connected.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
      byte[] answer = answer(from.readNBytes(from.readUnsignedShort()));
      if (answer.length > 0) {
        byte[] framed = new byte[2 + answer.length];
        framed[0] = (byte) (answer.length >> 8);
        framed[1] = (byte) answer.length;
        System.arraycopy(answer, 0, framed, 2, answer.length);
        to.write(framed);
      }
    }
  }

  private synchronized byte[] answer(byte[] message) throws IOException {
    if (message.length > 1) {
      return card.transmit(message);
    }
    if (message.length == 1 && message[0] == ANSWER_TO_RESET) {
      if (!seenOut) {
        seenOut = true;
        throw new IOException("to the reader it looks as if there were no card yet");
      }
      return card.answerToReset();
    }
    if (message.length == 1 && message[0] <= RESET) {
      card.reset();
    }
    return new byte[0];
  }
}
