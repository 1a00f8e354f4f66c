package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.keyfleet.applet.Wire.assertStatus;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;

/** Commands in parts, and what becomes of them when the card is reset or somebody else speaks. */
class ChainTest {
  private static final int MAC = 0x20;
  private static final int RELEASER = 0x21;
  private static final Bytes KEY = Wire.key(32, 1);
  private static final Bytes LONG = Wire.key(200, 2);

  private final Wire wire = Wire.ready();

  @BeforeEach
  void put() {
    wire.put(MAC, Role.MAC, KEY);
    wire.put(RELEASER, Role.RELEASER, KEY);
  }

  @Test
  void partsMakeOneMessage() {
    Bytes whole = wire.ok(0x80, Ins.MAC, MAC, 0, LONG);
    for (int cut = 1; cut < LONG.size(); cut += 13) {
      assertStatus(Wire.OK, part(Ins.MAC, MAC, LONG.slice(0, cut)));
      assertEquals(whole, wire.ok(0x80, Ins.MAC, MAC, 0, LONG.slice(cut, LONG.size())));
    }
    Bytes wrapped = Wire.wrap(KEY, LONG);
    assertStatus(Wire.OK, part(Ins.RELEASE, RELEASER, wrapped.slice(0, 3)));
    assertEquals(LONG, wire.ok(0x80, Ins.RELEASE, RELEASER, 0, wrapped.slice(3, wrapped.size())));
  }

  @Test
  void anotherCommandEndsAChain() {
    Bytes tail = LONG.slice(100, 200);
    Bytes alone = wire.ok(0x80, Ins.MAC, MAC, 0, tail);
    assertStatus(Wire.OK, part(Ins.MAC, MAC, LONG.slice(0, 100)));
    wire.ok(0x80, Ins.INFO, 0, 0, Bytes.EMPTY);
    assertEquals(alone, wire.ok(0x80, Ins.MAC, MAC, 0, tail));

    assertStatus(Wire.OK, part(Ins.MAC, MAC, LONG.slice(0, 100)));
    assertStatus(Sw.BAD_DATA, wire.status(0x80, Ins.RELEASE, RELEASER, 0, LONG));
    assertEquals(alone, wire.ok(0x80, Ins.MAC, MAC, 0, tail));
  }

  @Test
  void resetEndsAChain() {
    wire.put(Wire.ROOT, Role.MAC, KEY);
    Bytes tail = LONG.slice(100, 200);
    Bytes alone = wire.ok(0x80, Ins.MAC, Wire.ROOT, 0, tail);
    assertStatus(Wire.OK, part(Ins.MAC, Wire.ROOT, LONG.slice(0, 100)));
    wire.reset();
    assertStatus(Sw.PIN_NEEDED, wire.status(0x80, Ins.MAC, Wire.ROOT, 0, tail));
    wire.verify();
    assertEquals(alone, wire.ok(0x80, Ins.MAC, Wire.ROOT, 0, tail));
  }

  @Test
  void chainsHaveAnEnd() {
    assertStatus(Wire.OK, part(Ins.RELEASE, RELEASER, LONG));
    assertStatus(Sw.WRONG_LENGTH, part(Ins.RELEASE, RELEASER, LONG));
    Bytes wrapped = Wire.wrap(KEY, LONG);
    assertEquals(LONG, wire.ok(0x80, Ins.RELEASE, RELEASER, 0, wrapped));
  }

  @Test
  void commandWithoutDataIsNoChain() {
    assertStatus(Sw.WRONG_CLA, wire.status(0x90, Ins.LIST, 0, 0, Bytes.EMPTY));
  }

  @Test
  void resetLeavesTheOldCertificateOrTheNew() {
    wire.ok(0x80, Ins.GENERATE_IDENTITY, Wire.IDENTITY, 0, Bytes.ofUtf8("identity"));
    wire.ok(0x80, Ins.WRITE_CERTIFICATE, Wire.IDENTITY, 0, LONG);
    Bytes next = Wire.key(230, 5);
    assertStatus(Wire.OK, part(Ins.WRITE_CERTIFICATE, Wire.IDENTITY, next.slice(0, 120)));
    wire.reset();
    wire.verify();
    assertEquals(LONG, wire.ok(0x80, Ins.READ_CERTIFICATE, Wire.IDENTITY, 0, Bytes.EMPTY));
    wire.ok(0x80, Ins.WRITE_CERTIFICATE, Wire.IDENTITY, 0, next);
    assertEquals(next, wire.ok(0x80, Ins.READ_CERTIFICATE, Wire.IDENTITY, 0, Bytes.EMPTY));
  }

  @Test
  void certificateHasALimit() {
    wire.ok(0x80, Ins.GENERATE_IDENTITY, Wire.IDENTITY, 0, Bytes.ofUtf8("identity"));
    wire.ok(0x80, Ins.WRITE_CERTIFICATE, Wire.IDENTITY, 0, Wire.key(2048, 1));
    assertStatus(
        Sw.WRONG_LENGTH,
        wire.status(0x80, Ins.WRITE_CERTIFICATE, Wire.IDENTITY, 0, Wire.key(2049, 1)));
    assertEquals(
        Wire.key(2048, 1).slice(1920, 2048),
        wire.ok(0x80, Ins.READ_CERTIFICATE, Wire.IDENTITY, 8, Bytes.EMPTY));
  }

  @Test
  void sessionKeysEndWithTheSession() {
    wire.put(Wire.ROOT, Role.RELEASER, KEY);
    Bytes wrapped = Wire.wrap(KEY, LONG);
    wire.select();
    wire.verify();
    assertStatus(Sw.NO_KEY, wire.status(0x80, Ins.RELEASE, RELEASER, 0, wrapped));
    wire.put(RELEASER, Role.RELEASER, KEY);
    wire.reset();
    wire.verify();
    assertStatus(Sw.NO_KEY, wire.status(0x80, Ins.RELEASE, RELEASER, 0, wrapped));
    assertEquals(LONG, wire.ok(0x80, Ins.RELEASE, Wire.ROOT, 0, wrapped));
    assertNotEquals(0, wire.ok(0x80, Ins.LIST, 0, 0, Bytes.EMPTY).at(Wire.ROOT));
  }

  private int part(int ins, int p1, Bytes data) {
    return wire.send(0x90, ins, p1, 0, data).status();
  }
}
