package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.keyfleet.applet.testkit.SignedMessage;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SoftSigner;

/**
 * Any commands in any order: each gets a status word of the applet's own (6F00 would be an
 * exception that nobody meant), and no answer shows the parent's key or a label.
 */
@Tag("fuzz")
final class AppletFuzzTest {
  private static final int INTERNAL_ERROR = 0x6F00;
  private static final int SELECT = 0xA4;
  private static final int HEADER_OCTETS = 5;

  /** Longer data meets the end of the simulator's own buffer. */
  private static final int MAX_DATA_OCTETS = 240;

  private static final Bytes KEY = Wire.key(32, 1);
  private static final Bytes LABELS = Wire.key(64, 5);
  private static final Bytes SPI = Wire.key(16, 6);
  private static final SoftSigner GCKS = SignedMessage.gcks();
  private static final Bytes POINT = SignedMessage.point(GCKS);

  /**
   * The input is the inner payloads of a rekey that the GCKS signed: the card takes it or says why
   * not, and is at the SA of before unless it took it.
   */
  @FuzzTest
  void signedRekeys(byte[] input) {
    if (input.length < 2) {
      return;
    }
    Wire wire = Wire.ready();
    wire.ok(0x80, Ins.DEMAND, 1, 0, POINT);
    wire.ok(0x80, Ins.START, 0, 0, AdmissionTest.startData(SPI, 0, GCKS, KEY));
    wire.ok(0x80, Ins.CONFIRM, 0, 0, Bytes.EMPTY);
    Bytes gate = wire.ok(0x80, Ins.GATE, 0, 0, Bytes.EMPTY);
    Bytes all = Bytes.copyOf(input);
    Bytes octets = new SignedMessage(SPI, 0).frame(all.slice(1, all.size()), all.at(0));
    Bytes signature = SignedMessage.sign(GCKS, octets);
    Bytes head = Bytes.concat(KEY, Bytes.of(signature.size()), signature);
    int status = wire.status(0x80, Ins.ADMIT, 0, 0, Bytes.concat(head, octets));
    assertNotEquals(INTERNAL_ERROR, status);
    if (status != Wire.OK) {
      assertEquals(gate, wire.ok(0x80, Ins.GATE, 0, 0, Bytes.EMPTY));
    }
  }

  /** The input is commands: class, instruction, P1, P2, length and as much data. */
  @FuzzTest
  void commands(byte[] input) {
    Wire wire = Wire.ready();
    wire.put(Wire.ROOT, Role.KEK_PARENT, KEY);
    wire.put(Wire.SESSION, Role.RELEASER, Wire.key(16, 2));
    wire.put(Wire.SESSION + 1, Role.MAC, Wire.key(32, 3));
    wire.ok(0x80, Ins.PUT_LABELS, 0, 0, Bytes.of(1, Role.RELEASER, 0, 0, 0, 1));
    wire.ok(0x80, Ins.PUT_LABELS, 1, 0, Bytes.concat(Bytes.of(0, 0), LABELS));
    wire.ok(0x80, Ins.DEMAND, 1, 0, POINT);
    wire.ok(0x80, Ins.START, 0, 0, AdmissionTest.startData(SPI, 0, GCKS, KEY));
    Bytes rest = Bytes.copyOf(input);
    while (rest.size() >= HEADER_OCTETS) {
      int octets = Math.min(Math.min(rest.at(4), MAX_DATA_OCTETS), rest.size() - HEADER_OCTETS);
      int next = HEADER_OCTETS + octets;
      Bytes data = rest.slice(HEADER_OCTETS, next);
      // class 00 or 80, more to come or not: all others are refused at once
      int cla = rest.at(0) & 0x90;
      if ((cla & 0x80) == 0 && rest.at(1) == SELECT) {
        // the card's runtime answers this one, and the simulator's stumbles over some names
        wire.select();
        rest = rest.slice(next, rest.size());
        continue;
      }
      Wire.Answer answer = wire.send(cla, rest.at(1), rest.at(2), rest.at(3), data);
      assertNotEquals(INTERNAL_ERROR, answer.status());
      assertFalse(answer.data().hex().contains(KEY.slice(0, 8).hex()));
      assertFalse(answer.data().hex().contains(LABELS.slice(0, 8).hex()));
      rest = rest.slice(next, rest.size());
    }
  }
}
