package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.pkcs11.TpmFixtures;
import org.keyfleet.hsm.testkit.Swtpm;
import org.keyfleet.protocol.octets.Bytes;

/** A member whose identity is in a TPM and whose root key is in the file that the TPM opens. */
class RootedAgentTest extends WorldFixture {
  private static final String PIN = "4711-abc";

  @Test
  void memberWithATpmFollowsRekeysALostTpmAndARestart() throws Exception {
    CustodyConfig config =
        TpmFixtures.create(PIN, Files.createDirectories(directory().resolve("m1")));
    KeyCustody custody = CustodyFactory.of(config, new SecureRandom());
    assertEquals(CustodyLevel.TOKEN_ROOTED, custody.open(PIN.toCharArray()).level());
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    try (AgentMember member =
        new AgentMember(
            world(), "m1.fleet.example", custody, directory().resolve("m1"), /* sender= */ true)) {
      member.start();
      world().runSeconds(1);
      for (int i = 2; i <= 6; i++) {
        world().registered(world().pskMember("m" + i + ".fleet.example"));
      }
      world().runSeconds(3);
      assertEquals("member", member.state(), () -> "" + member.agent().status().trouble());
      assertTrue(member.agent().status().membership().rekeysApplied() >= 5);
      assertTrue(member.agent().send(Bytes.ofUtf8("sealed"), 1));
      int persistent = 0;
      for (KeyRecord key : custody.inventory()) {
        persistent += key.lifetime() == KeyLifetime.PERSISTENT ? 1 : 0;
      }
      assertEquals(2, persistent, custody.inventory().toString());

      Swtpm.stopBroker();
      assertFalse(custody.alive());
      Swtpm.startBroker();
      member.recoverToken(PIN.toCharArray());
      long before = member.agent().status().membership().rekeysApplied();
      world().registered(world().pskMember("m7.fleet.example"));
      world().runSeconds(3);
      assertTrue(member.agent().status().membership().rekeysApplied() > before);

      member.kill();
      member.start();
      assertEquals("member", member.state());
    }
  }
}
