package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.applet.Wire.assertStatus;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.applet.testkit.SignedMessage;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SoftSigner;

/** A card that demands signed rekeys, and a host that would have keys of other epochs. */
class AdmissionTest {
  private static final int SIGNED_REKEYS = 1;
  private static final Bytes ROOT = Wire.key(32, 1);
  private static final Bytes RELEASER = Wire.key(32, 2);
  private static final Bytes KEYMAT = Wire.key(68, 3);

  private final SoftSigner gcks = SignedMessage.gcks();
  private final Wire wire = Wire.ready();

  @BeforeEach
  void begin() {
    wire.put(Wire.ROOT, Role.KEK_PARENT, ROOT);
    wire.ok(0x80, Ins.DEMAND, SIGNED_REKEYS, 0, SignedMessage.point(gcks));
    assertStatus(Wire.OK, start(spi(0), 5, gcks, saKey(0)));
    wire.ok(0x80, Ins.CONFIRM, 0, 0, Bytes.EMPTY);
    unwrapReleaser();
  }

  @Test
  void onlyWhatASignedMessageHeldIsReleased() {
    assertEquals(keymat(0), wire.ok(0x80, Ins.RELEASE, Wire.SESSION, 0, saKey(0)));
    assertStatus(Sw.NOT_ADMITTED, release(1));
    assertStatus(Wire.OK, admit(step(0, 5), gcks, saKey(1)));
    assertEquals(keymat(1), wire.ok(0x80, Ins.RELEASE, Wire.SESSION, 0, saKey(1)));
    assertStatus(Sw.NOT_ADMITTED, release(2));
  }

  @Test
  void untilItIsConfirmedAlsoTheSaBeforeIsGood() {
    assertStatus(Wire.OK, admit(step(0, 5), gcks, saKey(1)));
    wire.reset();
    wire.verify();
    unwrapReleaser();
    assertStatus(Wire.OK, release(0));
    assertStatus(Wire.OK, release(1));
    assertStatus(Wire.OK, admit(step(0, 5), gcks, saKey(1)));
    wire.ok(0x80, Ins.CONFIRM, 0, 0, Bytes.EMPTY);
    assertStatus(Sw.NOT_ADMITTED, release(0));
    assertStatus(Wire.OK, release(1));
    assertStatus(Sw.OTHER_SA, admit(step(0, 6), gcks, saKey(1)));
  }

  @Test
  void theNextMessageConfirmsTheOneBefore() {
    assertStatus(Wire.OK, admit(step(0, 5), gcks, saKey(1)));
    assertStatus(Wire.OK, admit(step(1, 0), gcks, saKey(2)));
    assertStatus(Sw.NOT_ADMITTED, release(0));
    assertStatus(Wire.OK, release(1));
    assertStatus(Wire.OK, release(2));
  }

  @Test
  void oldMessagesAreRefusedAlsoAfterAReset() {
    Bytes first = step(0, 7);
    assertStatus(Sw.NOT_NEWER, admit(step(0, 4), gcks, saKey(1)));
    assertStatus(Wire.OK, admit(first, gcks, saKey(1)));
    assertStatus(Sw.NOT_NEWER, admit(step(0, 6), gcks, saKey(1)));
    for (int i = 1; i < 10; i++) {
      assertStatus(Wire.OK, admit(step(i, i), gcks, saKey(i + 1)));
      wire.ok(0x80, Ins.CONFIRM, 0, 0, Bytes.EMPTY);
    }
    wire.reset();
    wire.verify();
    unwrapReleaser();
    for (int i = 0; i < 9; i++) {
      assertStatus(Sw.OTHER_SA, admit(step(i, i), gcks, saKey(i + 1)));
      assertStatus(Sw.NOT_ADMITTED, release(i));
    }
    assertStatus(Wire.OK, release(10));
  }

  @Test
  void foreignSignaturesAndOtherSasAreRefused() {
    assertStatus(Sw.BAD_SIGNATURE, admit(step(0, 5), SignedMessage.gcks(), saKey(1)));
    assertStatus(Sw.OTHER_SA, admit(step(8, 5), gcks, saKey(9)));
    assertStatus(Sw.NOT_ADMITTED, release(1));
    assertStatus(Sw.NOT_ADMITTED, release(9));
  }

  @Test
  void aKeyThatTheMessageDoesNotHoldIsRefused() {
    assertStatus(Sw.NOT_ADMITTED, admit(step(0, 5), gcks, saKey(7)));
    // it stands in the message, and is not an SA_KEY of the Rekey SA
    Bytes elsewhere =
        new SignedMessage(spi(0), 5).bringData().bringMemberBag(3).bring(spi(1), saKey(1)).octets();
    assertStatus(Sw.NOT_ADMITTED, admit(elsewhere, gcks, SignedMessage.DATA_KEY));
    assertStatus(Sw.NOT_ADMITTED, admit(elsewhere, gcks, SignedMessage.WRAP_KEY));
    assertStatus(Wire.OK, admit(elsewhere, gcks, saKey(1)));
  }

  @Test
  void anyOfSeveralSaKeysWillDo() {
    Bytes message = new SignedMessage(spi(0), 5).bring(spi(1), saKey(7), saKey(1)).octets();
    assertStatus(Wire.OK, admit(message, gcks, saKey(7)));
    assertStatus(Wire.OK, admit(message, gcks, saKey(1)));
    assertStatus(Wire.OK, release(1));
  }

  @Test
  void everyFlippedBitIsNoticed() {
    Bytes octets = step(0, 5);
    Bytes signature = SignedMessage.sign(gcks, octets);
    for (int bit = 0; bit < octets.size() * 8; bit += 3) {
      byte[] bent = octets.toArray();
      bent[bit / 8] ^= (byte) (1 << (bit % 8));
      int status = send(Bytes.copyOf(bent), signature, saKey(1)).status();
      assertTrue(
          List.of(0x6984, 0x6987, 0x6988, 0x6A80).contains(status), bit + ": " + Wire.hex(status));
    }
    for (int bit = 0; bit < signature.size() * 8; bit++) {
      byte[] bent = signature.toArray();
      bent[bit / 8] ^= (byte) (1 << (bit % 8));
      int status = send(octets, Bytes.copyOf(bent), saKey(1)).status();
      // what follows on the second INTEGER is no part of it
      assertNotEquals(Wire.hex(Wire.OK), Wire.hex(status), "bit " + bit);
    }
    assertStatus(Sw.NOT_ADMITTED, release(1));
  }

  @Test
  void aLongMessageComesInPartsOfAnySize() {
    for (int size : new int[] {100, 151, 199, 240}) {
      Wire other = wire;
      Bytes octets =
          new SignedMessage(spi(0), 5)
              .gsaOctets(300)
              .bringData()
              .bring(spi(1), Wire.key(40, 9), saKey(1))
              .bringMemberBag(40)
              .octets();
      Bytes data = data(octets, SignedMessage.sign(gcks, octets), saKey(1));
      int at = 0;
      // the first part holds signature and headers
      int next = 140;
      while (data.size() - at > next) {
        assertStatus(
            Wire.OK, other.send(0x90, Ins.ADMIT, 0, 0, data.slice(at, at + next)).status());
        at += next;
        next = size;
      }
      assertStatus(
          Wire.OK, other.send(0x80, Ins.ADMIT, 0, 0, data.slice(at, data.size())).status());
    }
    assertStatus(Wire.OK, release(1));
  }

  @Test
  void theGcksChangesItsKeyByASignedMessage() {
    SoftSigner next = SignedMessage.gcks();
    Bytes change = new SignedMessage(spi(0), 6).bringMemberBag(2, next).octets();
    assertStatus(Sw.BAD_SIGNATURE, admit(change, next, Bytes.EMPTY));
    assertStatus(Wire.OK, admit(change, gcks, Bytes.EMPTY));
    assertStatus(Wire.OK, admit(change, gcks, Bytes.EMPTY));
    assertStatus(Sw.BAD_SIGNATURE, admit(step(0, 7), gcks, saKey(1)));
    assertStatus(Wire.OK, admit(step(0, 7), next, saKey(1)));
    wire.ok(0x80, Ins.CONFIRM, 0, 0, Bytes.EMPTY);
    assertStatus(Wire.OK, release(1));
    assertStatus(Sw.BAD_SIGNATURE, admit(step(1, 0), gcks, saKey(2)));
    assertStatus(Wire.OK, admit(step(1, 0), next, saKey(2)));
    assertStatus(Sw.OTHER_KEY, start(spi(9), 0, gcks, saKey(9)));
    assertStatus(Wire.OK, start(spi(9), 0, next, saKey(9)));
  }

  @Test
  void oneMessageBringsSaAndKey() {
    SoftSigner next = SignedMessage.gcks();
    Bytes both =
        new SignedMessage(spi(0), 5).bring(spi(1), saKey(1)).bringMemberBag(1, next).octets();
    assertStatus(Wire.OK, admit(both, gcks, saKey(1)));
    assertStatus(Wire.OK, admit(step(1, 0), next, saKey(2)));
    assertStatus(Wire.OK, release(2));
  }

  /** A GCKS that signs what no reader should follow: the card reads to the end or not at all. */
  @Test
  void malformedMessagesMoveNothing() {
    Bytes good = step(0, 5);
    Bytes inner = good.slice(32, good.size());
    for (int octets = 0; octets < inner.size(); octets++) {
      Bytes cut = new SignedMessage(spi(0), 5).frame(inner.slice(0, octets), 51);
      int status = admit(cut, gcks, saKey(1));
      assertTrue(
          status == (Sw.BAD_DATA & 0xFFFF) || status == (Sw.WRONG_LENGTH & 0xFFFF),
          octets + ": " + Wire.hex(status));
    }
    Bytes more = new SignedMessage(spi(0), 5).frame(Bytes.concat(inner, Bytes.of(0)), 51);
    assertStatus(Sw.BAD_DATA, admit(more, gcks, saKey(1)));
    List<SignedMessage> odd = new ArrayList<>();
    odd.add(new SignedMessage(spi(0), 5).bring(spi(1), saKey(1)).bring(spi(2), saKey(1)));
    odd.add(new SignedMessage(spi(0), 5).bag(6, 4, Bytes.of(1, 2, 3, 4)));
    odd.add(new SignedMessage(spi(0), 5).bag(0, 0, Bytes.of(0, 2, 0, 4, 1, 2, 3, 4)));
    odd.add(new SignedMessage(spi(0), 5).bag(0, 0, Bytes.of(0, 1, 0xFF, 0xFF, 1, 2)));
    odd.add(new SignedMessage(spi(0), 5).bringMemberBag(0, gcks, gcks));
    for (SignedMessage message : odd) {
      assertStatus(Sw.BAD_DATA, admit(message.octets(), gcks, saKey(1)));
    }
    assertStatus(Sw.NOT_ADMITTED, release(1));
  }

  @Test
  void otherExchangesThatTheKeySignedAreNoRekeys() {
    byte[] octets = step(0, 5).toArray();
    for (int at : new int[] {16, 17, 18}) {
      byte[] bent = octets.clone();
      bent[at] ^= 1;
      assertStatus(Sw.BAD_DATA, admit(Bytes.copyOf(bent), gcks, saKey(1)));
    }
  }

  @Test
  void theHostCannotTakeTheDemandBack() {
    assertStatus(Sw.POLICY, demand(0));
    assertStatus(Sw.POLICY, demand(1));
    assertStatus(Sw.POLICY, demand(2));
    assertStatus(Sw.OTHER_KEY, start(spi(3), 0, SignedMessage.gcks(), saKey(3)));
    Bytes gate = wire.ok(0x80, Ins.GATE, 0, 0, Bytes.EMPTY);
    assertEquals(Bytes.of(1, 3, 0, 1), gate.slice(0, 4), "mode, key and SA, one start");
    assertEquals(spi(0), gate.slice(4, 20));
    wire.ok(0x80, Ins.WIPE, 0, 0, Wire.PUK);
    assertEquals(0x00, wire.ok(0x80, Ins.INFO, 0, 0, Bytes.EMPTY).at(1));
  }

  /** The first registration says whose signature counts, when nobody did before. */
  @Test
  void firstStartPinsTheKey() {
    Wire open = Wire.ready();
    open.ok(0x80, Ins.DEMAND, SIGNED_REKEYS, 0, Bytes.EMPTY);
    Bytes data = startData(spi(0), 0, gcks, saKey(0));
    assertStatus(Wire.OK, open.status(0x80, Ins.START, 0, 0, data));
    open.ok(0x80, Ins.CONFIRM, 0, 0, Bytes.EMPTY);
    Bytes other = startData(spi(1), 0, SignedMessage.gcks(), saKey(1));
    assertStatus(Sw.OTHER_KEY, open.status(0x80, Ins.START, 0, 0, other));
  }

  @Test
  void everyReleaserIsCheckedButThoseOfTheHost() {
    wire.put(0x21, Role.RELEASER, RELEASER);
    assertEquals(keymat(8), wire.ok(0x80, Ins.RELEASE, 0x21, 0, saKey(8)));
    wire.ok(0x80, Ins.DESTROY, 0x21, 0, Bytes.EMPTY);
    wire.ok(0x80, Ins.UNWRAP, 0x21, Role.RELEASER, unwrapData());
    assertStatus(Sw.NOT_ADMITTED, wire.status(0x80, Ins.RELEASE, 0x21, 0, saKey(8)));
    wire.put(0x01, Role.RELEASER, RELEASER);
    assertStatus(Sw.NOT_ADMITTED, wire.status(0x80, Ins.RELEASE, 0x01, 0, saKey(8)));
  }

  private void unwrapReleaser() {
    wire.ok(0x80, Ins.UNWRAP, Wire.SESSION, Role.RELEASER, unwrapData());
  }

  private static Bytes unwrapData() {
    return Bytes.concat(Bytes.of(Wire.ROOT, 0), Wire.wrap(ROOT, RELEASER));
  }

  private static Bytes spi(int epoch) {
    return Wire.key(16, 60 + epoch);
  }

  private static Bytes keymat(int epoch) {
    return Bytes.concat(Bytes.of(epoch), KEYMAT);
  }

  private static Bytes saKey(int epoch) {
    return Wire.wrap(RELEASER, keymat(epoch));
  }

  /** The message that leads from an epoch to the next one. */
  private static Bytes step(int epoch, long messageId) {
    return new SignedMessage(spi(epoch), messageId)
        .bring(spi(epoch + 1), saKey(epoch + 1))
        .bringMemberBag(2)
        .octets();
  }

  private int release(int epoch) {
    return wire.status(0x80, Ins.RELEASE, Wire.SESSION, 0, saKey(epoch));
  }

  private int demand(int mode) {
    return wire.status(0x80, Ins.DEMAND, mode, 0, SignedMessage.point(gcks));
  }

  private int start(Bytes spi, long next, SoftSigner key, Bytes saKey) {
    return wire.status(0x80, Ins.START, 0, 0, startData(spi, next, key, saKey));
  }

  static Bytes startData(Bytes spi, long next, SoftSigner key, Bytes saKey) {
    return new ByteWriter()
        .bytes(spi)
        .u32(next)
        .bytes(SignedMessage.point(key))
        .bytes(sha256(saKey))
        .toBytes();
  }

  private int admit(Bytes octets, SoftSigner signer, Bytes saKey) {
    return send(octets, SignedMessage.sign(signer, octets), saKey).status();
  }

  private Wire.Answer send(Bytes octets, Bytes signature, Bytes saKey) {
    return wire.chained(0x80, Ins.ADMIT, 0, 0, data(octets, signature, saKey));
  }

  private static Bytes data(Bytes octets, Bytes signature, Bytes saKey) {
    return Bytes.concat(sha256(saKey), Bytes.of(signature.size()), signature, octets);
  }

  private static Bytes sha256(Bytes octets) {
    try {
      return Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(octets.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
