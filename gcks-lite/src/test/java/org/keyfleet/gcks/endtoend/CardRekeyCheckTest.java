package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.smartcard.CardAdmin;
import org.keyfleet.hsm.smartcard.SimulatedReader;

/** A member whose card verifies each rekey itself, in a group that is signed with ECDSA. */
class CardRekeyCheckTest extends WorldFixture {
  private static final String PIN = "4711-abc";
  private static final String PUK = "87654321";

  private final SimulatedReader reader = SimulatedReader.withBlankCard();
  private @Nullable AgentMember member;

  @AfterEach
  void closeMember() {
    if (member != null) {
      member.close();
    }
  }

  @Test
  void tenRekeysAPulledCardAndARestart() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    AgentMember device = joining(world(), /* demanding= */ true);
    world().runSeconds(1);
    assertMember(device);
    for (int i = 2; i <= 7; i++) {
      world().registered(world().agreeingMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(3);
    assertMember(device);
    assertTrue(rekeysApplied(device) >= 10, () -> rekeysApplied(device) + " rekeys");

    reader.pull();
    world().registered(world().agreeingMember("m8.fleet.example"));
    world().runSeconds(1);
    reader.putBack();
    device.recoverToken(PIN.toCharArray());
    world().runSeconds(3);
    assertMember(device);

    device.kill();
    device.start();
    assertMember(device);
    assertFollows(device, "m9.fleet.example");
  }

  /** The disk of three rekeys ago: the card does not open that epoch, and the agent registers. */
  @Test
  void rolledBackJournalOpensNoOldEpoch() throws Exception {
    AgentMember device = rolledBack(/* demanding= */ true);
    assertNotEquals("member", device.state(), "nothing of the journal is believed");
    world().runSeconds(3);
    assertMember(device);
    assertFollows(device, "m6.fleet.example");
  }

  /** Such a journal is whole and of this token: nothing else in the agent would notice. */
  @Test
  void cardThatDemandsNothingOpensAnOldEpoch() throws Exception {
    assertMember(rolledBack(/* demanding= */ false));
  }

  private AgentMember rolledBack(boolean demanding) throws Exception {
    policy.custody = CustodyDemand.STRICT;
    AgentMember device = joining(world(), demanding);
    world().runSeconds(1);
    world().registered(world().agreeingMember("m2.fleet.example"));
    world().runSeconds(3);
    Path old = directory().resolve("old.journal");
    Files.copy(journal(), old);
    for (int i = 3; i <= 5; i++) {
      world().registered(world().agreeingMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(3);
    assertTrue(rekeysApplied(device) >= 6);
    device.kill();
    Files.copy(old, journal(), StandardCopyOption.REPLACE_EXISTING);
    device.start();
    return device;
  }

  /** No card of Java Card 3.0.5 verifies Ed25519: the agent says so and does not join. */
  @Test
  void groupThatIsSignedOtherwiseIsRefused() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    Path server = Files.createDirectories(directory().resolve("server"));
    try (KeyCustody custody = SoftCustodies.open(server)) {
      custody.generateIdentity(KeyName.of("gcks-identity"), IdentityAlgorithm.ED25519);
      try (World world = new World(1, policy.settings(), custody, server).startServer()) {
        AgentMember device = joining(world, /* demanding= */ true);
        world.runSeconds(3);
        assertEquals("refused", device.state());
        String trouble = device.agent().status().trouble().orElse("");
        assertTrue(trouble.contains("ECDSA over P-256 with SHA-256"), trouble);
      }
    }
  }

  @Test
  void groupThatIsSignedWithMlDsaIsRefused() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    policy.signatureKey = SignatureKey.ML_DSA_44;
    AgentMember device = joining(world(), /* demanding= */ true);
    world().runSeconds(3);
    assertEquals("refused", device.state());
    String trouble = device.agent().status().trouble().orElse("");
    assertTrue(trouble.contains("ECDSA over P-256 with SHA-256"), trouble);
  }

  private AgentMember joining(World world, boolean demanding) throws Exception {
    CustodyConfig.Card card = new CustodyConfig.Card(reader, true);
    CustodyFactory.initialize(card, PIN.toCharArray(), PUK.toCharArray(), new SecureRandom());
    if (demanding) {
      CardAdmin.demandSignedRekeys(card, PIN.toCharArray(), Optional.empty());
    }
    KeyCustody custody = CustodyFactory.of(card, new SecureRandom());
    custody.open(PIN.toCharArray());
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    Path state = Files.createDirectories(journal().getParent());
    AgentMember device =
        new AgentMember(world, "m1.fleet.example", custody, state, /* sender= */ true);
    member = device;
    device.start();
    return device;
  }

  private Path journal() {
    return directory().resolve("m1").resolve("fleet.journal");
  }

  /** Another member joins, and the device is at the Rekey SA that this brought. */
  private void assertFollows(AgentMember device, String name) throws Exception {
    PlainMember newcomer = world().registered(world().agreeingMember(name));
    world().runSeconds(3);
    assertMember(device);
    assertEquals(Optional.of(newcomer.rekeySpi()), device.agent().status().membership().rekeySpi());
  }

  private static void assertMember(AgentMember device) {
    assertEquals("member", device.state(), () -> "" + device.agent().status().trouble());
  }

  private static long rekeysApplied(AgentMember device) {
    return device.agent().status().membership().rekeysApplied();
  }
}
