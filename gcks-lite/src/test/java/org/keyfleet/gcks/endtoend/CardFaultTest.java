package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.run.TokenWatch;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenFlag;
import org.keyfleet.hsm.smartcard.SimulatedReader;
import org.keyfleet.hsm.testkit.SoftHsm;

/** A card that is locked, nearly so, or full, under a member of a strict group. */
class CardFaultTest extends FaultyTokenFixture {
  private static final String PUK = "87654321";
  private static final String WRONG_PIN = "9999-xyz";

  private final SimulatedReader reader = SimulatedReader.withBlankCard();
  private final CustodyConfig byAPerson = new CustodyConfig.Card(reader, true);
  private final SecureRandom random = new SecureRandom();

  @BeforeEach
  void strict() {
    policy.custody = CustodyDemand.STRICT;
  }

  @Test
  void lockedCardIsNamedAndTakenUpOnceItIsUnlocked() throws Exception {
    AgentMember other = started("m2", softHsm());
    AgentMember member = started("m1", card());
    TokenWatch watch = member.watched(new PinnedToken(PIN));
    rekey();
    wrongPins(5);
    world().runSeconds(11);
    assertEquals("pin-locked", watch.condition().word());
    assertTrue(watch.trouble().contains("reset it with the PUK"), watch.trouble());
    assertTheyTalk(member, other);

    long before = applied(member);
    rekey();
    world().runSeconds(120);
    assertEquals(before, applied(member), "new keys need the card");
    TokenAdmin.resetPin(byAPerson, PUK.toCharArray(), PIN.toCharArray());
    world().runSeconds(40);
    assertEquals("present", watch.condition().word());
    assertMember(member);
    assertTrue(applied(member) > before, "what was held is applied");
    assertTheyTalk(member, other);
    assertOldRekeysAreNotTaken(member);
  }

  /** More came than is held, and a registration needs the card as well. */
  @Test
  void memberThatFellBehindRegistersOnceItsCardIsUnlocked() throws Exception {
    AgentMember other = started("m2", softHsm());
    AgentMember member = started("m1", card());
    TokenWatch watch = member.watched(new PinnedToken(PIN));
    wrongPins(5);
    world().runSeconds(11);
    for (int i = 0; i < 8; i++) {
      rekey();
    }
    member.agent().fault(); // asks for a registration, which fails again and again
    world().runSeconds(600);
    assertEquals("pin-locked", watch.condition().word());
    assertMember(member);
    TokenAdmin.resetPin(byAPerson, PUK.toCharArray(), PIN.toCharArray());
    world().runSeconds(40);
    assertMember(member);
    assertTheyTalk(member, other);
    assertOldRekeysAreNotTaken(member);
  }

  @Test
  void lastTryIsLeftToAPerson() throws Exception {
    AgentMember other = started("m2", softHsm());
    AgentMember member = started("m1", card());
    TokenWatch watch = member.watched(new PinnedToken(PIN));
    wrongPins(4);
    world().runSeconds(300);
    assertEquals("pin-last-try", watch.condition().word());
    assertTrue(TokenAdmin.describe(byAPerson).is(TokenFlag.PIN_FINAL_TRY), "not spent");
    assertTheyTalk(member, other);

    try (KeyCustody person = CustodyFactory.of(byAPerson, random)) {
      person.open(PIN.toCharArray());
    }
    world().runSeconds(40);
    assertEquals("present", watch.condition().word());
    long before = applied(member);
    rekey();
    assertTrue(applied(member) > before);
    assertTheyTalk(member, other);
    assertOldRekeysAreNotTaken(member);
  }

  /** A PIN of the file that is wrong once the card is unlocked costs one try and no more. */
  @Test
  void unlockedWithAnotherPinItIsTriedOnce() throws Exception {
    AgentMember member = started("m1", card());
    PinnedToken token = new PinnedToken(PIN);
    TokenWatch watch = member.watched(token);
    wrongPins(5);
    world().runSeconds(11);
    String next = "0815-def";
    TokenAdmin.resetPin(byAPerson, PUK.toCharArray(), next.toCharArray());
    world().runSeconds(600);
    assertEquals("pin-wrong", watch.condition().word());
    assertTrue(watch.trouble().contains("tries left: 4"), watch.trouble());
    token.pin = next;
    world().runSeconds(20);
    assertEquals("present", watch.condition().word());
  }

  /** A rekey makes session keys; other groups' may have taken all slots. */
  @Test
  void rekeyWaitsForRoom() throws Exception {
    AgentMember other = started("m2", softHsm());
    AgentMember member = started("m1", card());
    member.watched(new PinnedToken(PIN));
    rekey();
    Deque<KeyRef> fillers = fill(member.custody, KeyLifetime.SESSION);
    long before = applied(member);
    rekey();
    assertEquals(before, applied(member));
    String full = member.agent().tokenFull().orElseThrow();
    assertTrue(full.contains("the card is full: it holds"), full);
    assertMember(member);

    for (KeyRef filler : fillers) {
      member.custody.destroy(filler);
    }
    world().runSeconds(40);
    assertTrue(applied(member) > before);
    assertTrue(member.agent().tokenFull().isEmpty());
    assertTrue(member.agent().status().trouble().isEmpty());
    assertEquals(-1, registeredAgain(member), "the rekey was held, not lost");
    assertTheyTalk(member, other);
    assertOldRekeysAreNotTaken(member);
  }

  /** A registration writes the new root key while the old one serves. */
  @Test
  void registrationWaitsForRoomAndLosesNothing() throws Exception {
    AgentMember other = started("m2", softHsm());
    AgentMember member = started("m1", card());
    member.watched(new PinnedToken(PIN));
    rekey();
    Deque<KeyRef> fillers = fill(member.custody, KeyLifetime.PERSISTENT);
    member.agent().fault(); // asks for a registration
    world().runSeconds(60);
    String full = member.agent().tokenFull().orElseThrow();
    assertTrue(full.contains("persistent keys"), full);
    assertMember(member);
    assertTheyTalk(member, other);
    long before = applied(member);
    rekey();
    assertTrue(applied(member) > before, "the old root key still opens rekeys");

    for (KeyRef filler : fillers) {
      member.custody.destroy(filler);
    }
    world().runSeconds(400);
    assertTrue(member.agent().tokenFull().isEmpty());
    assertFalse(member.agent().tokenTrouble());
    assertTheyTalk(member, other);
    assertOldRekeysAreNotTaken(member);
  }

  private int registeredAgain(AgentMember member) throws Exception {
    return world().store().audit(1000).stream()
            .anyMatch(
                row ->
                    row.event().equals("registered-again") && row.toString().contains(member.name))
        ? 1
        : -1;
  }

  private KeyCustody card() throws CustodyException {
    CustodyConfig config = new CustodyConfig.Card(reader, false);
    CustodyFactory.initialize(config, PIN.toCharArray(), PUK.toCharArray(), random);
    KeyCustody custody = CustodyFactory.of(config, random);
    custody.open(PIN.toCharArray());
    return custody;
  }

  private KeyCustody softHsm() throws CustodyException {
    SoftHsm.require();
    KeyCustody custody =
        CustodyFactory.of(
            new CustodyConfig.Pkcs11(SoftHsm.newToken("faults", PIN.toCharArray())), random);
    custody.open(PIN.toCharArray());
    return custody;
  }

  /** The card is pulled, and somebody tries PINs on it. */
  private void wrongPins(int count) {
    reader.pull();
    reader.putBack();
    for (int i = 0; i < count; i++) {
      try (KeyCustody stranger = CustodyFactory.of(byAPerson, random)) {
        assertThrows(CustodyException.class, () -> stranger.open(WRONG_PIN.toCharArray()));
      }
    }
  }

  private static Deque<KeyRef> fill(KeyCustody custody, KeyLifetime lifetime)
      throws CustodyException {
    Deque<KeyRef> made = new ArrayDeque<>();
    while (true) {
      try {
        made.add(
            custody.generateSecret(
                KeyName.of("filler-" + made.size()), KeyRole.KEK_PARENT, lifetime));
      } catch (CustodyException e) {
        assertEquals(CustodyFault.TOKEN_FULL, e.fault(), e.getMessage());
        return made;
      }
    }
  }
}
