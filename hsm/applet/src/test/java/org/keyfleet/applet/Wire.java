package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.applet.testkit.SimulatedCard;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** Raw commands to one card; remembers every answer. */
final class Wire {
  static final int OK = 0x9000;
  static final Bytes PIN = Bytes.ofUtf8("4711");
  static final Bytes PUK = Bytes.ofUtf8("87654321");
  static final int MORE = 0x10;

  /** A persistent slot, a session slot, an identity slot; each of them followed by another. */
  static final int ROOT = 0x00;

  static final int SESSION = 0x20;
  static final int IDENTITY = 0x60;

  private static final int PART_OCTETS = 240;

  /** Data and status word. */
  record Answer(int status, Bytes data) {}

  final SimulatedCard card;
  final List<Bytes> answers = new ArrayList<>();

  Wire(SimulatedCard card) {
    this.card = card;
    select();
  }

  /** A card with a PIN, which was given. */
  static Wire ready() {
    Wire wire = new Wire(SimulatedCard.blank());
    wire.ok(0x80, Ins.INITIALIZE, 0, 0, lengthAnd(PIN, PUK));
    wire.verify();
    return wire;
  }

  void select() {
    Bytes aid = Bytes.fromHex(SimulatedCard.AID_HEX);
    assertEquals(OK, raw(Bytes.concat(Bytes.of(0, 0xA4, 4, 0, aid.size()), aid)).status());
  }

  void reset() {
    card.reset();
    select();
  }

  void verify() {
    ok(0x00, Ins.VERIFY, 0, 0, PIN);
  }

  Answer raw(Bytes command) {
    Bytes answer = Bytes.copyOf(card.transmit(command.toArray()));
    int data = answer.size() - 2;
    answers.add(answer.slice(0, data));
    return new Answer((answer.at(data) << 8) | answer.at(data + 1), answer.slice(0, data));
  }

  /** One command; without data if there is none. */
  Answer send(int cla, int ins, int p1, int p2, Bytes data) {
    Bytes header = Bytes.of(cla, ins, p1, p2);
    return raw(
        data.isEmpty()
            ? Bytes.concat(header, Bytes.of(0))
            : Bytes.concat(header, Bytes.of(data.size()), data, Bytes.of(0)));
  }

  /** In as many parts as it takes. */
  Answer chained(int cla, int ins, int p1, int p2, Bytes data) {
    int at = 0;
    while (data.size() - at > PART_OCTETS) {
      Answer part = send(cla | MORE, ins, p1, p2, data.slice(at, at + PART_OCTETS));
      if (part.status() != OK) {
        return part;
      }
      at += PART_OCTETS;
    }
    return send(cla, ins, p1, p2, data.slice(at, data.size()));
  }

  int status(int cla, int ins, int p1, int p2, Bytes data) {
    return chained(cla, ins, p1, p2, data).status();
  }

  Bytes ok(int cla, int ins, int p1, int p2, Bytes data) {
    Answer answer = chained(cla, ins, p1, p2, data);
    assertEquals(hex(OK), hex(answer.status()));
    return answer.data();
  }

  void put(int slot, int role, Bytes key) {
    ok(0x80, Ins.PUT_KEY, slot, role, putData(slot, key));
  }

  static Bytes putData(int slot, Bytes key) {
    return Bytes.concat(Bytes.of(key.size()), key, name(slot));
  }

  /** A name for a persistent slot, nothing for a session slot. */
  static Bytes name(int slot) {
    return slot < SESSION ? Bytes.ofUtf8("name-" + slot) : Bytes.EMPTY;
  }

  static Bytes lengthAnd(Bytes first, Bytes second) {
    return Bytes.concat(Bytes.of(first.size()), first, second);
  }

  static Bytes key(int octets, int seed) {
    byte[] key = new byte[octets];
    for (int i = 0; i < octets; i++) {
      key[i] = (byte) (seed * 37 + i * 11 + 1);
    }
    return Bytes.copyOf(key);
  }

  static Bytes wrap(Bytes kek, Bytes key) {
    try (SecretBytes secretKek = SecretBytes.takeFrom(kek.toArray());
        SecretBytes secretKey = SecretBytes.takeFrom(key.toArray())) {
      return KeyWrap.KW_5649_256.wrap(secretKek, secretKey);
    }
  }

  static String hex(int status) {
    return Integer.toHexString(status);
  }

  static void assertStatus(int expected, int status) {
    assertEquals(hex(expected & 0xFFFF), hex(status));
  }
}
