package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.CustodyDemand;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.keyfleet.protocol.octets.Bytes;

/** A group of strict custody: the root key agreed with a SoftHSM token, one releaser an epoch. */
class StrictAgentTest extends WorldFixture {
  private static final String PIN = "1234";

  private final List<AgentMember> agents = new ArrayList<>();

  @BeforeEach
  void strict() {
    SoftHsm.require();
    policy.custody = CustodyDemand.STRICT;
  }

  @AfterEach
  void closeAgents() {
    for (AgentMember agent : agents) {
      agent.close();
    }
  }

  @Test
  void rekeysKeepTheTreeInTheToken() throws Exception {
    AgentMember sender = started("m1.fleet.example", true);
    for (int i = 2; i <= 8; i++) {
      world().registered(world().agreeingMember("m" + i + ".fleet.example"));
    }
    world().runSeconds(3);
    assertTrue(sender.agent().status().membership().strict());
    assertTrue(sender.agent().status().membership().rekeysApplied() >= 10);
    assertTrue(sender.agent().send(Bytes.ofUtf8("sealed"), 1));
    int persistent = 0;
    for (KeyRecord key : sender.custody.inventory()) {
      persistent += key.lifetime() == KeyLifetime.PERSISTENT ? 1 : 0;
      if (key.role().unwrapsInside()) {
        assertTrue(key.flags().contains(KeyFlag.SENSITIVE), key.toString());
        assertFalse(key.flags().contains(KeyFlag.EXTRACTABLE), key.toString());
        assertFalse(key.flags().contains(KeyFlag.DECRYPT), key.toString());
        assertFalse(key.flags().contains(KeyFlag.WRAP), key.toString());
      }
      // releasers live as long as one release
      assertFalse(key.role() == KeyRole.RELEASER, key.toString());
    }
    assertEquals(2, persistent, sender.custody.inventory().toString());
  }

  @Test
  void restartAndLostTokenGoOn() throws Exception {
    AgentMember member = started("m1.fleet.example", false);
    world().registered(world().agreeingMember("m2.fleet.example"));
    world().runSeconds(3);
    member.kill();
    member.start();
    assertEquals("member", member.state());
    member.recoverToken(PIN.toCharArray());
    long before = member.agent().status().membership().rekeysApplied();
    world().registered(world().agreeingMember("m3.fleet.example"));
    world().runSeconds(3);
    assertEquals(before + 2, member.agent().status().membership().rekeysApplied());
  }

  /** A key file keeps keys in host memory: that is no strict custody, and there is no fallback. */
  @Test
  void keyFileIsRefused() throws Exception {
    AgentMember member = member("m1.fleet.example", SoftCustodies.open(state("soft")), true);
    member.start();
    world().runSeconds(3);
    assertEquals("refused", member.state());
    assertEquals(
        "the group demands strict custody: use a PKCS#11 token",
        member.agent().status().trouble().orElseThrow().replaceFirst("^.*followed: ", ""));
    assertEquals(0, world().store().memberCount("fleet"));
  }

  /** A token whose children pass through the host has none of them inside. */
  @Test
  void tokenThatHoldsOnlyTheRootIsRefused() throws Exception {
    AgentMember member = member("m1.fleet.example", SoftCustodies.open(state("rooted")), true);
    member.measured =
        found ->
            new Capabilities(
                CustodyLevel.TOKEN_ROOTED,
                true,
                found.identities(),
                true,
                true,
                true,
                true,
                found.maxWrappedOctets(),
                found.notes());
    member.start();
    world().runSeconds(3);
    assertEquals("refused", member.state());
    assertEquals(0, member.imports);
    assertEquals(0, world().store().memberCount("fleet"));
  }

  private AgentMember started(String name, boolean sender) throws Exception {
    SecureRandom random = new SecureRandom();
    CustodyConfig config = new CustodyConfig.Pkcs11(SoftHsm.newToken("agent", PIN.toCharArray()));
    KeyCustody custody = CustodyFactory.of(config, random);
    custody.open(PIN.toCharArray());
    AgentMember member = member(name, custody, sender);
    member.start();
    world().runSeconds(1);
    assertEquals("member", member.state(), () -> "" + member.agent().status().trouble());
    return member;
  }

  private AgentMember member(String name, KeyCustody custody, boolean sender) throws Exception {
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    AgentMember member = new AgentMember(world(), name, custody, state(name), sender);
    agents.add(member);
    return member;
  }

  private Path state(String name) throws Exception {
    return Files.createDirectories(directory().resolve(name));
  }
}
