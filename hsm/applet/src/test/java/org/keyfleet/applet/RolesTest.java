package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.keyfleet.applet.Wire.assertStatus;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;

/** One key under every role, and whatever a host could try with it. */
class RolesTest {
  private static final int PARENT = 0x00;
  private static final int RELEASER = 0x01;
  private static final int MAC = 0x02;
  private static final int CHILD = 0x21;
  private static final Bytes KEK = Wire.key(32, 1);
  private static final Bytes INNER = Wire.key(32, 2);
  private static final Bytes WRAPPED = Wire.wrap(KEK, INNER);

  private final Wire wire = Wire.ready();

  @BeforeEach
  void put() {
    wire.put(PARENT, Role.KEK_PARENT, KEK);
    wire.put(RELEASER, Role.RELEASER, KEK);
    wire.put(MAC, Role.MAC, KEK);
    wire.ok(0x80, Ins.GENERATE_IDENTITY, Wire.IDENTITY, 0, Bytes.ofUtf8("identity"));
  }

  @Test
  void onlyReleasersLetOut() {
    assertEquals(INNER, wire.ok(0x80, Ins.RELEASE, RELEASER, 0, WRAPPED));
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.RELEASE, PARENT, 0, WRAPPED));
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.RELEASE, MAC, 0, WRAPPED));
    assertStatus(Sw.WRONG_P1P2, wire.status(0x80, Ins.RELEASE, Wire.IDENTITY, 0, WRAPPED));
    assertStatus(Sw.NO_KEY, wire.status(0x80, Ins.RELEASE, Wire.SESSION, 0, WRAPPED));
  }

  @Test
  void onlyParentsUnwrapInside() {
    assertStatus(Sw.POLICY, unwrap(RELEASER, CHILD, Role.KEK_PARENT));
    assertStatus(Sw.POLICY, unwrap(MAC, CHILD, Role.KEK_PARENT));
    assertStatus(Sw.WRONG_P1P2, unwrap(Wire.IDENTITY, CHILD, Role.KEK_PARENT));
    assertStatus(Sw.WRONG_P1P2, unwrap(PARENT, CHILD, Role.IDENTITY));
    assertStatus(Sw.WRONG_P1P2, unwrap(PARENT, CHILD, 0));
    assertStatus(Sw.WRONG_P1P2, unwrap(PARENT, Wire.IDENTITY, Role.KEK_PARENT));
    assertStatus(Wire.OK, unwrap(PARENT, CHILD, Role.KEK_PARENT));
    assertStatus(Sw.EXISTS, unwrap(PARENT, CHILD, Role.RELEASER));
  }

  /** What makes the difference: no way leads from a parent's child to a releaser of it. */
  @Test
  void roleStaysFromBirthToDestruction() {
    assertStatus(Wire.OK, unwrap(PARENT, CHILD, Role.KEK_PARENT));
    Bytes inner = Wire.wrap(INNER, Wire.key(32, 3));
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.RELEASE, CHILD, 0, inner));
    Bytes again = Bytes.concat(Bytes.of(INNER.size()), INNER);
    assertStatus(Sw.EXISTS, wire.status(0x80, Ins.PUT_KEY, CHILD, Role.RELEASER, again));
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.MAC, CHILD, 0, inner));
    assertStatus(Sw.POLICY, wire.status(0x80, Ins.RELEASE, CHILD, 0, inner));
  }

  @Test
  void onlyPersistentParentsDeriveAndOnlySessionKeys() {
    Bytes label = Bytes.ofUtf8("label");
    assertStatus(Wire.OK, unwrap(PARENT, CHILD, Role.KEK_PARENT));
    assertStatus(Sw.POLICY, derive(CHILD, 0x22, label));
    assertStatus(Sw.POLICY, derive(RELEASER, 0x22, label));
    assertStatus(Sw.WRONG_P1P2, derive(PARENT, 0x05, label));
    assertStatus(Sw.WRONG_LENGTH, derive(PARENT, 0x22, Bytes.EMPTY));
    assertStatus(Wire.OK, derive(PARENT, 0x22, label));
  }

  @Test
  void onlyMacKeysAuthenticateAndOnlyIdentitiesSign() {
    for (int slot : List.of(PARENT, RELEASER)) {
      assertStatus(Sw.POLICY, wire.status(0x80, Ins.MAC, slot, 0, INNER));
      assertStatus(Sw.WRONG_P1P2, wire.status(0x80, Ins.SIGN, slot, 0, INNER));
    }
    assertStatus(Sw.WRONG_P1P2, wire.status(0x80, Ins.MAC, Wire.IDENTITY, 0, INNER));
    assertEquals(32, wire.ok(0x80, Ins.MAC, MAC, 0, INNER).size());
    assertFalse(wire.ok(0x80, Ins.SIGN, Wire.IDENTITY, 0, INNER).isEmpty());
    assertStatus(Sw.NO_KEY, wire.status(0x80, Ins.SIGN, Wire.IDENTITY + 1, 0, INNER));
  }

  @Test
  void pointsOffTheCurveAreRefusedByTheCard() {
    Bytes own = wire.ok(0x80, Ins.PUBLIC_KEY, Wire.IDENTITY, 0, Bytes.EMPTY);
    assertStatus(Wire.OK, agree(0x22, own));
    for (int at = 0; at < own.size(); at += 4) {
      byte[] bent = own.toArray();
      bent[at] ^= 0x10;
      assertStatus(Sw.BAD_DATA, agree(0x23, Bytes.copyOf(bent)));
    }
    assertStatus(Sw.BAD_DATA, agree(0x23, Bytes.copyOf(new byte[65])));
    byte[] large = own.toArray();
    Arrays.fill(large, 1, 33, (byte) 0xFF);
    assertStatus(Sw.BAD_DATA, agree(0x23, Bytes.copyOf(large)));
  }

  private int agree(int slot, Bytes point) {
    Bytes data = Bytes.concat(Bytes.of(Wire.IDENTITY), point, Bytes.ofUtf8("label"));
    return wire.status(0x80, Ins.AGREE, slot, 0, data);
  }

  private int derive(int parent, int slot, Bytes label) {
    Bytes data = Bytes.concat(Bytes.of(parent), label);
    return wire.status(0x80, Ins.DERIVE, slot, Role.RELEASER, data);
  }

  private int unwrap(int parent, int slot, int role) {
    return wire.status(0x80, Ins.UNWRAP, slot, role, Bytes.concat(Bytes.of(parent, 0), WRAPPED));
  }
}
