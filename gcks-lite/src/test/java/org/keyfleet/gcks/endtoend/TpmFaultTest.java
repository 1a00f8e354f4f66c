package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.run.TokenWatch;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.pkcs11.TpmFixtures;
import org.keyfleet.hsm.testkit.Swtpm;

/** A TPM that locks everybody out, which no flag shows. */
class TpmFaultTest extends FaultyTokenFixture {
  @Test
  void lockedOutTpmIsNamedAndTakenUpOnceItIsOver() throws Exception {
    AgentMember other = started("m2", SoftCustodies.open(Files.createDirectories(state("m2"))));
    AgentMember member = started("m1", tpm());
    TokenWatch watch = member.watched(new PinnedToken(PIN));
    rekey();
    Swtpm.lockOut();
    Swtpm.stopBroker();
    world().runSeconds(11);
    assertEquals("gone", watch.condition().word());
    Swtpm.startBroker();
    try {
      world().runSeconds(60);
      assertEquals("pin-locked", watch.condition().word());
      assertTrue(watch.trouble().contains("tpm2_dictionarylockout"), watch.trouble());
      assertTheyTalk(member, other);
      long before = applied(member);
      rekey();
      world().runSeconds(120);
      assertEquals(before, applied(member));
    } finally {
      Swtpm.clearLockout();
    }
    world().runSeconds(40);
    assertEquals("present", watch.condition().word());
    assertMember(member);
    assertTheyTalk(member, other);
    assertOldRekeysAreNotTaken(member);
  }

  @Override
  PlainMember newMember(String name) throws Exception {
    return world().pskMember(name);
  }

  private KeyCustody tpm() throws Exception {
    CustodyConfig config = TpmFixtures.create(PIN, Files.createDirectories(state("m1")));
    KeyCustody custody = CustodyFactory.of(config, new SecureRandom());
    custody.open(PIN.toCharArray());
    return custody;
  }

  private Path state(String name) {
    return directory().resolve(name);
  }
}
