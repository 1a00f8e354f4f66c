package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.protocol.octets.Bytes;

/** What an agent's keys come to when nobody renews them, and what a new registration leaves. */
class AgentDeadlinesTest extends WorldFixture {
  private final List<AgentMember> agents = new ArrayList<>();

  @AfterEach
  void closeAgents() {
    for (AgentMember agent : agents) {
      agent.close();
    }
  }

  /** RFC 9838 section 4.4.2.2.1: the SA "and all associated keys MUST be deleted". */
  @Test
  void withoutAServerTheKeysEnd() throws Exception {
    policy.lifetime = Duration.ofMinutes(10);
    policy.dataLifetime = Duration.ofMinutes(5);
    AgentMember member = started("m1.fleet.example", true);
    world().stopServer();
    world().run(Duration.ofMinutes(4));
    assertTrue(member.agent().membership().active());
    world().run(Duration.ofMinutes(2));
    assertTrue(member.agent().membership().data().entries().isEmpty());
    assertFalse(member.agent().send(Bytes.ofUtf8("too late"), 1));
    assertTrue(member.agent().membership().hasRekeySa());
    world().run(Duration.ofMinutes(5));
    assertFalse(member.agent().membership().active());
    world().startServer();
    world().run(Duration.ofMinutes(4));
    assertEquals("member", member.state());
  }

  /** Section 2.3.3: it "MUST replace any information related to this group". */
  @Test
  void aRegistrationReplacesWhatWasThere() throws Exception {
    policy.lifetime = Duration.ofMinutes(10);
    policy.dataLifetime = Duration.ofMinutes(5);
    AgentMember member = started("m1.fleet.example", false);
    started("m2.fleet.example", false);
    world().runSeconds(5);
    Optional<Bytes> rekeySpi = member.agent().status().membership().rekeySpi();
    long root = root(member);
    List<Bytes> dataSpis = dataSpis(member);
    long rekeys = member.agent().status().membership().rekeysApplied();
    assertTrue(rekeys > 0);
    // no rekey arrives: the members register anew before their SAs end
    world().network.censor(passage -> passage.to().multicast());
    world().run(Duration.ofMinutes(10));
    world().network.censor(any -> false);
    assertEquals("member", member.state());
    assertEquals(0, member.agent().status().membership().rekeysApplied());
    assertNotEquals(rekeySpi, member.agent().status().membership().rekeySpi());
    assertNotEquals(root, root(member));
    assertTrue(dataSpis(member).stream().noneMatch(dataSpis::contains));
    assertEquals(
        2,
        member.custody.inventory().stream()
            .filter(key -> key.lifetime() == KeyLifetime.PERSISTENT)
            .count());
  }

  /** Sections 2.4.3 and 2.5.1: Sender-IDs are used up, so that all go and come back. */
  @Test
  void whoIsExcludedByADeleteRegistersAgain() throws Exception {
    policy.senderIdBits = 1;
    AgentMember m1 = started("m1.fleet.example", true);
    AgentMember m2 = started("m2.fleet.example", true);
    world().runSeconds(3);
    Optional<Bytes> rekeySpi = m1.agent().status().membership().rekeySpi();
    AgentMember receiver = started("m3.fleet.example", false);
    world().runSeconds(3);
    assertEquals("member", m1.state());
    // the third sender finds no number left
    m2.agent().leave();
    world().runSeconds(3);
    m2.agent().join();
    world().run(Duration.ofMillis(100));
    assertEquals("excluded", m1.state());
    assertEquals("excluded", receiver.state());
    assertFalse(m1.agent().membership().active());
    world().runSeconds(30);
    for (AgentMember member : List.of(m1, m2, receiver)) {
      assertEquals("member", member.state(), member.name);
    }
    assertNotEquals(rekeySpi, m1.agent().status().membership().rekeySpi());
    assertTrue(m1.agent().send(Bytes.ofUtf8("back"), 4000));
    world().runSeconds(1);
    assertTrue(receiver.delivered.contains("back"));
  }

  private static long root(AgentMember member) {
    List<Long> path = member.agent().status().membership().keyPath();
    return path.get(path.size() - 1);
  }

  private static List<Bytes> dataSpis(AgentMember member) {
    return member.agent().membership().data().entries().stream()
        .map(DataPlane.Entry::policy)
        .map(sa -> sa.id().spi())
        .toList();
  }

  private AgentMember started(String name, boolean sender) throws Exception {
    Path state = Files.createDirectories(directory().resolve(name));
    KeyCustody custody = SoftCustodies.open(state);
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    AgentMember member = new AgentMember(world(), name, custody, state, sender);
    agents.add(member);
    member.start();
    world().runSeconds(1);
    assertEquals("member", member.state(), () -> name + ": " + member.agent().status().trouble());
    return member;
  }
}
