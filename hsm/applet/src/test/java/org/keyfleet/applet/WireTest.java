package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.applet.Wire.assertStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;

/** Commands that the applet does not know, or knows in another shape, and what answers show. */
class WireTest {
  private static final int INTERNAL_ERROR = 0x6F00;
  private static final Set<Integer> ISO_INS =
      Set.of(
          (int) Ins.VERIFY, (int) Ins.CHANGE_REFERENCE_DATA, (int) Ins.RESET_RETRY_COUNTER, 0xA4);
  private static final Set<Integer> OUR_INS =
      IntStream.of(
              Ins.INFO,
              Ins.INITIALIZE,
              Ins.PERSONALIZE,
              Ins.WIPE,
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
              Ins.DESCRIBE_LABELS)
          .boxed()
          .collect(Collectors.toUnmodifiableSet());

  private final Wire wire = Wire.ready();

  @Test
  void unknownInstructionsAreRefused() {
    for (int ins = 0; ins <= 0xFF; ins++) {
      if (!OUR_INS.contains(ins)) {
        assertStatus(Sw.WRONG_INS, wire.send(0x80, ins, 0, 0, Bytes.of(1)).status());
      }
      if (!ISO_INS.contains(ins)) {
        assertStatus(Sw.WRONG_INS, wire.send(0x00, ins, 0, 0, Bytes.of(1)).status());
      }
    }
  }

  @Test
  void unknownClassesAreRefused() {
    for (int cla = 0; cla < 0xFF; cla++) {
      if ((cla & ~Wire.MORE) != 0x00 && (cla & ~Wire.MORE) != 0x80) {
        assertStatus(Sw.WRONG_CLA, wire.send(cla, Ins.LIST, 0, 0, Bytes.EMPTY).status());
      }
    }
  }

  /** Every slot and every length of data, to every command: refused by name, or done. */
  @Test
  void anyLengthIsAnsweredByName() {
    wire.put(Wire.ROOT, Role.KEK_PARENT, Wire.key(32, 1));
    wire.put(Wire.SESSION, Role.RELEASER, Wire.key(32, 1));
    wire.put(0x21, Role.MAC, Wire.key(32, 1));
    wire.ok(0x80, Ins.GENERATE_IDENTITY, Wire.IDENTITY, 0, Bytes.ofUtf8("identity"));
    for (int ins : OUR_INS) {
      for (int p1 : new int[] {0, 1, 0x10, 0x20, 0x21, 0x3F, 0x40, 0x60, 0x61, 0x62, 0xFF}) {
        for (int octets : new int[] {0, 1, 2, 3, 16, 17, 33, 66, 67, 98, 99, 138, 240}) {
          int status = wire.send(0x80, ins, p1, 1, Wire.key(octets, octets)).status();
          assertTrue(status != INTERNAL_ERROR, "ins " + ins + " p1 " + p1 + " octets " + octets);
        }
      }
    }
  }

  @Test
  void truncatedCommandsChangeNothing() {
    Bytes kek = Wire.key(32, 1);
    wire.put(Wire.ROOT, Role.KEK_PARENT, kek);
    Bytes unwrap = Bytes.concat(Bytes.of(Wire.ROOT, 0), Wire.wrap(kek, Wire.key(32, 2)));
    Bytes before = wire.ok(0x80, Ins.LIST, 0, 0, Bytes.EMPTY);
    for (int octets = 1; octets < unwrap.size(); octets++) {
      int status =
          wire.status(0x80, Ins.UNWRAP, Wire.SESSION, Role.KEK_PARENT, unwrap.slice(0, octets));
      assertTrue(
          status == (Sw.BAD_DATA & 0xFFFF) || status == (Sw.WRONG_LENGTH & 0xFFFF),
          Wire.hex(status));
    }
    assertEquals(before, wire.ok(0x80, Ins.LIST, 0, 0, Bytes.EMPTY));
  }

  @Test
  void namesAreUniqueInTheCard() {
    Bytes key = Wire.key(32, 1);
    wire.put(Wire.ROOT, Role.KEK_PARENT, key);
    Bytes sameName = Wire.putData(Wire.ROOT, key);
    assertStatus(Sw.EXISTS, wire.status(0x80, Ins.PUT_KEY, 1, Role.MAC, sameName));
    assertStatus(
        Sw.EXISTS,
        wire.status(0x80, Ins.GENERATE_IDENTITY, Wire.IDENTITY, 0, Wire.name(Wire.ROOT)));
    wire.ok(0x80, Ins.DESTROY, Wire.ROOT, 0, Bytes.EMPTY);
    wire.ok(0x80, Ins.PUT_KEY, 1, Role.MAC, sameName);
  }

  /** Wherever keys may lie between commands, no answer but a release has eight octets of one. */
  @Test
  void noAnswerShowsAKey() {
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      keys.add(Wire.key(32, i + 1));
    }
    Bytes released = Wire.key(32, 7);
    wire.put(0x00, Role.KEK_PARENT, keys.get(0));
    wire.put(0x01, Role.MAC, keys.get(1));
    wire.put(0x20, Role.RELEASER, keys.get(2));
    Bytes wrapped = Wire.wrap(keys.get(0), keys.get(3));
    wire.ok(0x80, Ins.UNWRAP, 0x21, Role.KEK_PARENT, Bytes.concat(Bytes.of(0x00, 0), wrapped));
    byte[] bent = wrapped.toArray();
    bent[30] ^= 1;
    Bytes damaged = Bytes.concat(Bytes.of(0x00, 0), Bytes.copyOf(bent));
    assertStatus(Sw.BAD_DATA, wire.status(0x80, Ins.UNWRAP, 0x22, Role.KEK_PARENT, damaged));
    wire.ok(0x80, Ins.DERIVE, 0x23, Role.MAC, Bytes.of(0x00, 'x'));
    wire.ok(0x80, Ins.GENERATE_IDENTITY, Wire.IDENTITY, 0, Bytes.ofUtf8("identity"));
    assertEquals(released, wire.ok(0x80, Ins.RELEASE, 0x20, 0, Wire.wrap(keys.get(2), released)));
    wire.answers.remove(wire.answers.size() - 1);
    keys.add(released);
    for (int ins : OUR_INS) {
      for (int p1 : new int[] {0x00, 0x01, 0x20, 0x21, 0x23, 0x60}) {
        for (int octets : new int[] {0, 1, 40}) {
          wire.send(0x80, ins, p1, 0, Bytes.copyOf(new byte[octets]));
        }
      }
    }
    assertTrue(wire.answers.size() > 100);
    for (Bytes answer : wire.answers) {
      for (Bytes key : keys) {
        for (int at = 0; at + 8 <= key.size(); at++) {
          assertFalse(answer.hex().contains(key.slice(at, at + 8).hex()), answer.hex());
        }
      }
    }
  }
}
