package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.smartcard.SimulatedReader;
import org.keyfleet.protocol.octets.Bytes;

/** A member of a group of strict custody whose keys are in a Java Card with our applet. */
class CardAgentTest extends WorldFixture {
  private static final String PIN = "4711-abc";
  private static final String PUK = "87654321";

  @Test
  void memberWithACardFollowsRekeysAPulledCardAndARestart() throws Exception {
    policy.custody = CustodyDemand.STRICT;
    SimulatedReader reader = SimulatedReader.withBlankCard();
    CustodyConfig config = new CustodyConfig.Card(reader, true);
    CustodyFactory.initialize(config, PIN.toCharArray(), PUK.toCharArray(), new SecureRandom());
    KeyCustody custody = CustodyFactory.of(config, new SecureRandom());
    assertEquals(CustodyLevel.IN_TOKEN, custody.open(PIN.toCharArray()).level());
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    Path state = Files.createDirectories(directory().resolve("m1"));
    try (AgentMember member =
        new AgentMember(world(), "m1.fleet.example", custody, state, /* sender= */ true)) {
      member.start();
      world().runSeconds(1);
      for (int i = 2; i <= 5; i++) {
        world().registered(world().agreeingMember("m" + i + ".fleet.example"));
      }
      world().runSeconds(3);
      assertEquals("member", member.state(), () -> "" + member.agent().status().trouble());
      assertTrue(member.agent().status().membership().strict());
      assertTrue(member.agent().status().membership().rekeysApplied() >= 4);
      assertTrue(member.agent().send(Bytes.ofUtf8("sealed"), 1));
      int persistent = 0;
      for (KeyRecord key : custody.inventory()) {
        persistent += key.lifetime() == KeyLifetime.PERSISTENT ? 1 : 0;
      }
      assertEquals(2, persistent, custody.inventory().toString());

      reader.pull();
      assertFalse(custody.alive());
      assertTrue(member.agent().send(Bytes.ofUtf8("sealed without the card"), 1));
      reader.putBack();
      member.recoverToken(PIN.toCharArray());
      long before = member.agent().status().membership().rekeysApplied();
      world().registered(world().agreeingMember("m6.fleet.example"));
      world().runSeconds(3);
      assertTrue(member.agent().status().membership().rekeysApplied() > before);

      member.kill();
      member.start();
      assertEquals("member", member.state());
    }
  }
}
