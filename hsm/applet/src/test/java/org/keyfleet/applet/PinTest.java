package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.keyfleet.applet.Wire.assertStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.applet.testkit.SimulatedCard;
import org.keyfleet.protocol.octets.Bytes;

class PinTest {
  private static final Bytes WRONG = Bytes.ofUtf8("0000");
  private static final Bytes OTHER = Bytes.ofUtf8("new-pin");

  private final Wire wire = Wire.ready();

  @ParameterizedTest
  @ValueSource(
      bytes = {
        Ins.PUT_KEY,
        Ins.GENERATE_SECRET,
        Ins.UNWRAP,
        Ins.RELEASE,
        Ins.DERIVE,
        Ins.AGREE,
        Ins.TRY_AGREE,
        Ins.MAC,
        Ins.SIGN,
        Ins.GENERATE_IDENTITY,
        Ins.PUBLIC_KEY,
        Ins.WRITE_CERTIFICATE,
        Ins.READ_CERTIFICATE,
        Ins.DESCRIBE,
        Ins.LIST,
        Ins.DESTROY,
        Ins.TRY_VERIFY,
        Ins.PUT_LABELS,
        Ins.SUBSET_KEY,
        Ins.GATE,
        Ins.DEMAND,
        Ins.START,
        Ins.ADMIT,
        Ins.CONFIRM,
        Ins.DESCRIBE_LABELS
      })
  void nothingOfKeysWithoutThePin(byte ins) {
    wire.reset();
    for (int p1 : new int[] {Wire.ROOT, Wire.SESSION, Wire.IDENTITY, 0x7F}) {
      for (int octets = 0; octets < 60; octets += 3) {
        assertStatus(Sw.PIN_NEEDED, wire.status(0x80, ins, p1, 1, Wire.key(octets, 1)));
      }
      assertStatus(Sw.PIN_NEEDED, wire.status(0x90, ins, p1, 1, Wire.key(32, 1)));
    }
  }

  @Test
  void pinEndsWithSelectionAndReset() {
    wire.select();
    assertStatus(Sw.PIN_NEEDED, wire.status(0x80, Ins.LIST, 0, 0, Bytes.EMPTY));
    wire.verify();
    wire.ok(0x80, Ins.LIST, 0, 0, Bytes.EMPTY);
    wire.reset();
    assertStatus(Sw.PIN_NEEDED, wire.status(0x80, Ins.LIST, 0, 0, Bytes.EMPTY));
  }

  @Test
  void wrongPinsLockAndThePukUnlocks() {
    for (int left = Pins.PIN_TRIES - 1; left > 0; left--) {
      assertStatus(Sw.WRONG_PIN | left, wire.status(0, Ins.VERIFY, 0, 0, WRONG));
      assertStatus(Sw.PIN_NEEDED, wire.status(0x80, Ins.LIST, 0, 0, Bytes.EMPTY));
      wire.reset();
    }
    assertStatus(Sw.PIN_LOCKED, wire.status(0, Ins.VERIFY, 0, 0, WRONG));
    assertStatus(Sw.PIN_LOCKED, wire.status(0, Ins.VERIFY, 0, 0, Wire.PIN));
    assertStatus(
        Sw.PIN_LOCKED,
        wire.status(0, Ins.CHANGE_REFERENCE_DATA, 0, 0, Wire.lengthAnd(Wire.PIN, OTHER)));

    wire.ok(0, Ins.RESET_RETRY_COUNTER, 0, 0, Wire.lengthAnd(Wire.PUK, OTHER));
    assertStatus(Sw.PIN_NEEDED, wire.status(0x80, Ins.LIST, 0, 0, Bytes.EMPTY));
    assertStatus(Sw.WRONG_PIN | 4, wire.status(0, Ins.VERIFY, 0, 0, Wire.PIN));
    wire.ok(0, Ins.VERIFY, 0, 0, OTHER);
    assertEquals(Pins.PIN_TRIES, wire.ok(0x80, Ins.INFO, 0, 0, Bytes.EMPTY).at(2));
  }

  @Test
  void wrongPuksLockForGood() {
    Bytes wrong = Wire.lengthAnd(Bytes.ofUtf8("00000000"), OTHER);
    for (int left = Pins.PUK_TRIES - 1; left > 0; left--) {
      assertStatus(Sw.WRONG_PIN | left, wire.status(0, Ins.RESET_RETRY_COUNTER, 0, 0, wrong));
    }
    assertStatus(Sw.PIN_LOCKED, wire.status(0, Ins.RESET_RETRY_COUNTER, 0, 0, wrong));
    assertStatus(Sw.PIN_LOCKED, wire.status(0x80, Ins.WIPE, 0, 0, Wire.PUK));
    wire.ok(0, Ins.VERIFY, 0, 0, Wire.PIN);
  }

  @Test
  void pinOfNoLengthCostsNoTry() {
    assertStatus(Sw.WRONG_LENGTH, wire.status(0, Ins.VERIFY, 0, 0, Bytes.of(1, 2, 3)));
    assertStatus(Sw.WRONG_LENGTH, wire.status(0, Ins.VERIFY, 0, 0, Wire.key(33, 1)));
    assertEquals(Pins.PIN_TRIES, wire.ok(0x80, Ins.INFO, 0, 0, Bytes.EMPTY).at(2));
  }

  @Test
  void pinIsChangedByWhoKnowsIt() {
    Bytes change = Wire.lengthAnd(Wire.PIN, OTHER);
    wire.ok(0, Ins.CHANGE_REFERENCE_DATA, 0, 0, change);
    assertStatus(Sw.WRONG_PIN | 4, wire.status(0, Ins.CHANGE_REFERENCE_DATA, 0, 0, change));
    wire.ok(0, Ins.VERIFY, 0, 0, OTHER);
  }

  @Test
  void blankCardTakesItsPinOnce() {
    Wire blank = new Wire(SimulatedCard.blank());
    assertStatus(Sw.POLICY, blank.status(0, Ins.VERIFY, 0, 0, Wire.PIN));
    assertStatus(Sw.PIN_NEEDED, blank.status(0x80, Ins.LIST, 0, 0, Bytes.EMPTY));
    Bytes pins = Wire.lengthAnd(Wire.PIN, Wire.PUK);
    for (int octets = 1; octets < 13; octets++) {
      assertStatus(
          Sw.WRONG_LENGTH, blank.status(0x80, Ins.INITIALIZE, 0, 0, pins.slice(0, octets)));
    }
    blank.ok(0x80, Ins.INITIALIZE, 0, 0, pins);
    assertStatus(Sw.POLICY, blank.status(0x80, Ins.INITIALIZE, 0, 0, pins));
  }

  @Test
  void wipedCardIsBlank() {
    wire.put(Wire.ROOT, Role.KEK_PARENT, Wire.key(32, 1));
    wire.ok(0x80, Ins.GENERATE_IDENTITY, Wire.IDENTITY, 0, Bytes.ofUtf8("identity"));
    wire.ok(0x80, Ins.WIPE, 0, 0, Wire.PUK);
    assertStatus(Sw.PIN_NEEDED, wire.status(0x80, Ins.LIST, 0, 0, Bytes.EMPTY));
    wire.ok(0x80, Ins.INITIALIZE, 0, 0, Wire.lengthAnd(OTHER, Wire.PUK));
    wire.ok(0, Ins.VERIFY, 0, 0, OTHER);
    Bytes roles = wire.ok(0x80, Ins.LIST, 0, 0, Bytes.EMPTY);
    assertEquals(Bytes.copyOf(new byte[roles.size()]), roles);
  }
}
