package org.keyfleet.applet.testkit;

import com.licel.jcardsim.base.Simulator;
import java.util.HexFormat;
import javacard.framework.AID;
import org.keyfleet.applet.KeyfleetApplet;

/** A card of jCardSim with our applet installed. One thread at a time. */
public final class SimulatedCard {
  /** What the applet's AID is, in hex. */
  public static final String AID_HEX = "F04B4559464C45455401";

  private static final byte[] AID_OCTETS = HexFormat.of().parseHex(AID_HEX);

  private final Simulator simulator = new Simulator();

  private SimulatedCard(byte[] issuerKey) {
    byte[] parameters = new byte[1 + AID_OCTETS.length + 2 + issuerKey.length];
    parameters[0] = (byte) AID_OCTETS.length;
    System.arraycopy(AID_OCTETS, 0, parameters, 1, AID_OCTETS.length);
    parameters[AID_OCTETS.length + 2] = (byte) issuerKey.length;
    System.arraycopy(issuerKey, 0, parameters, AID_OCTETS.length + 3, issuerKey.length);
    AID aid = new AID(AID_OCTETS, (short) 0, (byte) AID_OCTETS.length);
    simulator.installApplet(
        aid, KeyfleetApplet.class, parameters, (short) 0, (byte) parameters.length);
  }

  /** A blank card that takes its PIN from whoever comes first. */
  public static SimulatedCard blank() {
    return new SimulatedCard(new byte[0]);
  }

  /** A blank card that only its issuer, who has this key of 32 octets, can make ready. */
  public static SimulatedCard ofIssuer(byte[] issuerKey) {
    return new SimulatedCard(issuerKey);
  }

  /** A command to the card, and its answer: data and status word. */
  public synchronized byte[] transmit(byte[] command) {
    return simulator.transmitCommand(command);
  }

  /** What pulling the card, or losing its power, does to it. */
  public synchronized void reset() {
    simulator.reset();
  }

  public synchronized byte[] answerToReset() {
    return simulator.getATR();
  }
}
