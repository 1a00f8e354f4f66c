package org.keyfleet.hsm.smartcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.applet.testkit.SignedMessage;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.RekeyGate;
import org.keyfleet.hsm.testkit.Wrapping;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SoftSigner;

/** What a card that verifies rekeys refuses, by name, whichever way commands get to it. */
abstract class RekeyGateChecks {
  static final String PIN = "4711-abc";
  private static final Bytes ROOT = Bytes.copyOf(new byte[32]);
  private static final Bytes RELEASER =
      Bytes.fromHex("101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f");

  private final SoftSigner gcks = SignedMessage.gcks();
  private CustodyConfig.@Nullable Card card;
  private @Nullable KeyCustody opened;

  /** A card with a PIN, of which nothing is demanded yet. */
  abstract CustodyConfig.Card newCard() throws Exception;

  @BeforeEach
  void demand() throws Exception {
    CustodyConfig.Card card = newCard();
    this.card = card;
    try (KeyCustody before = CustodyFactory.of(card, new SecureRandom())) {
      before.open(PIN.toCharArray());
      assertTrue(before.rekeyGate().isEmpty(), "nothing is demanded");
    }
    CardAdmin.demandSignedRekeys(card, PIN.toCharArray(), Optional.of(SignedMessage.point(gcks)));
    KeyCustody custody = CustodyFactory.of(card, new SecureRandom());
    opened = custody;
    assertEquals("right", custody.open(PIN.toCharArray()).notes().get("rekey-check"));
    try (SecretBytes root = SecretBytes.takeFrom(ROOT.toArray())) {
      custody.importRoot(KeyName.of("root"), root, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    }
    gate().start(spi(0), 0, SignedMessage.point(gcks), saKey(0));
    gate().confirm();
  }

  @AfterEach
  void close() {
    custody().close();
  }

  @Test
  void tenSignedRekeysAreFollowedAlsoOverARestart() throws Exception {
    for (int epoch = 0; epoch < 10; epoch++) {
      assertEquals(keymat(epoch), released(epoch));
      admit(message(epoch, 0, 200), gcks, saKey(epoch + 1));
      if (epoch == 4) {
        custody().recover(PIN.toCharArray());
      }
      assertEquals(keymat(epoch + 1), released(epoch + 1));
      gate().confirm();
      assertRefused(CustodyFault.POLICY, "no rekey message", () -> released(0));
    }
  }

  @Test
  void foreignSignatureIsNamed() {
    assertRefused(
        CustodyFault.BAD_WRAP,
        "signature is not the GCKS's",
        () -> admit(message(0, 0, 10), SignedMessage.gcks(), saKey(1)));
  }

  @Test
  void flippedBitIsNamed() throws Exception {
    Bytes octets = message(0, 0, 10);
    Bytes signature = SignedMessage.sign(gcks, octets);
    byte[] bent = octets.toArray();
    bent[octets.size() - 200] ^= 1;
    assertRefused(
        CustodyFault.BAD_WRAP,
        "signature is not the GCKS's",
        () -> gate().admit(Bytes.copyOf(bent), signature, saKey(1)));
    gate().admit(octets, signature, saKey(1));
  }

  @Test
  void oldMessageIsNamed() throws Exception {
    admit(message(0, 3, 10), gcks, saKey(1));
    assertRefused(
        CustodyFault.POLICY,
        "not newer than the last",
        () -> admit(message(0, 2, 10), gcks, saKey(1)));
    gate().confirm();
    custody().recover(PIN.toCharArray());
    assertRefused(
        CustodyFault.POLICY, "another Rekey SA", () -> admit(message(0, 3, 10), gcks, saKey(1)));
  }

  @Test
  void otherRekeySaIsNamed() {
    assertRefused(
        CustodyFault.POLICY, "another Rekey SA", () -> admit(message(7, 0, 10), gcks, saKey(8)));
  }

  @Test
  void keyThatIsNotInTheMessageIsNamed() {
    assertRefused(
        CustodyFault.POLICY, "no rekey message", () -> admit(message(0, 0, 10), gcks, saKey(5)));
    assertRefused(CustodyFault.POLICY, "no rekey message", () -> released(1));
  }

  @Test
  void otherKeyOfTheGcksIsNamed() {
    Bytes other = SignedMessage.point(SignedMessage.gcks());
    assertRefused(
        CustodyFault.POLICY,
        "not the one that the card was given",
        () -> gate().start(spi(3), 0, other, saKey(3)));
  }

  @Test
  void demandIsNotTakenTwice() {
    assertTrue(custody().rekeyGate().isPresent());
    custody().close();
    assertRefused(
        CustodyFault.POLICY,
        "take the demand",
        () ->
            CardAdmin.demandSignedRekeys(
                Objects.requireNonNull(card),
                PIN.toCharArray(),
                Optional.of(SignedMessage.point(gcks))));
  }

  private interface Call {
    void run() throws CustodyException;
  }

  private static void assertRefused(CustodyFault fault, String text, Call call) {
    CustodyException e = assertThrows(CustodyException.class, call::run);
    assertEquals(fault, e.fault(), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(text), e.getMessage());
  }

  private KeyCustody custody() {
    return Objects.requireNonNull(opened);
  }

  private RekeyGate gate() {
    return custody().rekeyGate().orElseThrow();
  }

  private void admit(Bytes octets, SoftSigner signer, Bytes saKey) throws CustodyException {
    gate().admit(octets, SignedMessage.sign(signer, octets), saKey);
  }

  private Bytes released(int epoch) throws CustodyException {
    KeyRef root = custody().find(KeyName.of("root")).orElseThrow();
    KeyRef releaser =
        custody()
            .unwrap(
                root,
                Wrapping.wrap(ROOT, RELEASER),
                KeyName.of("releaser"),
                KeyRole.RELEASER,
                KeyLifetime.SESSION);
    try (SecretBytes released = custody().release(releaser, saKey(epoch))) {
      return released.use(Bytes::copyOf);
    } finally {
      custody().destroy(releaser);
    }
  }

  private static Bytes spi(int epoch) {
    return Bytes.concat(Bytes.of(epoch), Bytes.copyOf(new byte[15]));
  }

  private static Bytes keymat(int epoch) {
    return Bytes.concat(Bytes.of(epoch), Bytes.copyOf(new byte[67]));
  }

  private static Bytes saKey(int epoch) {
    return Wrapping.wrap(RELEASER, keymat(epoch));
  }

  private static Bytes message(int epoch, long messageId, int wraps) {
    return new SignedMessage(spi(epoch), messageId)
        .bringMemberBag(wraps)
        .bring(spi(epoch + 1), saKey(epoch + 1))
        .octets();
  }
}
