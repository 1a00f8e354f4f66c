package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.keyfleet.applet.Wire.assertStatus;

import org.junit.jupiter.api.Test;
import org.keyfleet.applet.testkit.SimulatedCard;
import org.keyfleet.protocol.octets.Bytes;

/** The channel under the issuer's key. */
class IssuerTest {
  private static final Bytes ISSUER = Wire.key(32, 9);
  private static final Bytes ROOT = Wire.key(32, 1);
  private static final int INITIALIZE = 1;
  private static final int PUT_KEY = 2;
  private static final int SEAL = 3;
  private static final int WIPE = 4;

  private final Wire wire = new Wire(SimulatedCard.ofIssuer(ISSUER.toArray()));

  @Test
  void issuerPersonalisesAndSeals() {
    Bytes pins = Wire.lengthAnd(Wire.PIN, Wire.PUK);
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.INITIALIZE, 0, 0, pins));
    assertStatus(Wire.OK, issue(1, INITIALIZE, pins));
    Bytes put = Bytes.concat(Bytes.of(Wire.ROOT, Role.KEK_PARENT), Wire.putData(Wire.ROOT, ROOT));
    assertStatus(Wire.OK, issue(2, PUT_KEY, put));
    assertStatus(Wire.OK, issue(3, SEAL, Bytes.EMPTY));

    wire.verify();
    Bytes other = Wire.putData(1, ROOT);
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.PUT_KEY, 1, Role.RELEASER, other));
    Bytes unwrap = Bytes.concat(Bytes.of(Wire.ROOT, 0), Wire.wrap(ROOT, Wire.key(32, 2)));
    wire.ok(0x80, Ins.UNWRAP, Wire.SESSION, Role.KEK_PARENT, unwrap);
    Bytes info = wire.ok(0x80, Ins.INFO, 0, 0, Bytes.EMPTY);
    assertEquals(0x07, info.at(1), "ready, sealed, with an issuer");
    assertEquals(Bytes.of(0, 0, 0, 3), info.slice(19, 23));
  }

  @Test
  void messagesWorkOnceAndInOrder() {
    Bytes first = message(7, INITIALIZE, Wire.lengthAnd(Wire.PIN, Wire.PUK));
    assertStatus(Wire.OK, send(first));
    assertStatus(Sw.NOT_NEWER, send(first));
    assertStatus(Sw.NOT_NEWER, issue(6, WIPE, Bytes.EMPTY));
    assertStatus(Wire.OK, issue(8, WIPE, Bytes.EMPTY));
    assertStatus(Sw.NOT_NEWER, send(first));
    assertStatus(Wire.OK, issue(0xFFFFFFFF, SEAL, Bytes.EMPTY));
    assertStatus(Sw.NOT_NEWER, issue(9, SEAL, Bytes.EMPTY));
  }

  @Test
  void numberCountsAlsoWhenTheOperationFails() {
    assertStatus(Wire.OK, issue(1, INITIALIZE, Wire.lengthAnd(Wire.PIN, Wire.PUK)));
    Bytes again = message(2, INITIALIZE, Wire.lengthAnd(Wire.PIN, Wire.PUK));
    assertStatus(Sw.POLICY, send(again));
    assertStatus(Sw.NOT_NEWER, send(again));
    assertStatus(Sw.BAD_DATA, issue(3, 99, Bytes.EMPTY));
    assertStatus(Sw.WRONG_LENGTH, issue(4, PUT_KEY, Bytes.of(0)));
  }

  @Test
  void damagedAndForeignMessagesDoNothing() {
    Bytes good = message(1, INITIALIZE, Wire.lengthAnd(Wire.PIN, Wire.PUK));
    for (int bit = 0; bit < good.size() * 8; bit += 5) {
      byte[] bent = good.toArray();
      bent[bit / 8] ^= (byte) (1 << (bit % 8));
      assertStatus(Sw.BAD_DATA, send(Bytes.copyOf(bent)));
    }
    Bytes foreign = Bytes.concat(Bytes.of(0, 0, 0, 9), Bytes.of(WIPE));
    assertStatus(Sw.BAD_DATA, send(Wire.wrap(Wire.key(32, 8), foreign)));
    assertStatus(Sw.BAD_DATA, send(Wire.wrap(ISSUER, Bytes.of(0, 0, 0, 9))));
    assertStatus(Wire.OK, send(good));
  }

  @Test
  void cardWithoutIssuerObeysNone() {
    Wire open = new Wire(SimulatedCard.blank());
    Bytes message = message(1, WIPE, Bytes.EMPTY);
    assertStatus(Sw.POLICY, open.status(0x80, Ins.PERSONALIZE, 0, 0, message));
    Bytes ofZeros = Wire.wrap(Bytes.copyOf(new byte[32]), Bytes.of(0, 0, 0, 1, WIPE));
    assertStatus(Sw.POLICY, open.status(0x80, Ins.PERSONALIZE, 0, 0, ofZeros));
  }

  private int issue(int number, int operation, Bytes rest) {
    return send(message(number, operation, rest));
  }

  private int send(Bytes message) {
    return wire.status(0x80, Ins.PERSONALIZE, 0, 0, message);
  }

  private static Bytes message(int number, int operation, Bytes rest) {
    Bytes head = Bytes.of(number >>> 24, number >>> 16, number >>> 8, number, operation);
    return Wire.wrap(ISSUER, Bytes.concat(head, rest));
  }
}
