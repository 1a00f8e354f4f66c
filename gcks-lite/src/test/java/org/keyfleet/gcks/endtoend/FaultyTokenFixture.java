package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.keyfleet.agent.group.MembershipStatus;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/**
 * What a member owes its group whatever its token does: data under the keys that it has, the newest
 * keys once the token is well, and never the old ones again.
 */
abstract class FaultyTokenFixture extends WorldFixture {
  static final String PIN = "4711-abc";

  private final List<AgentMember> agents = new ArrayList<>();
  private int joined = 10;
  private int said;

  @AfterEach
  void closeAgents() {
    for (AgentMember agent : agents) {
      agent.close();
    }
  }

  /** A member whose open custody gets its identity key first; not started. */
  AgentMember member(String name, KeyCustody custody) throws Exception {
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    AgentMember member =
        new AgentMember(
            world(),
            name + ".fleet.example",
            custody,
            Files.createDirectories(directory().resolve(name)),
            /* sender= */ true);
    agents.add(member);
    return member;
  }

  AgentMember started(String name, KeyCustody custody) throws Exception {
    AgentMember member = member(name, custody);
    member.start();
    world().runSeconds(3);
    assertMember(member);
    return member;
  }

  static void assertMember(AgentMember member) {
    assertEquals("member", member.state(), () -> "" + member.agent().status().trouble());
  }

  /** New keys for everybody: somebody joined. */
  void rekey() throws Exception {
    world().registered(newMember("m" + joined++ + ".fleet.example"));
    world().runSeconds(1);
  }

  PlainMember newMember(String name) throws Exception {
    return world().agreeingMember(name);
  }

  /** Each hears the other. */
  void assertTheyTalk(AgentMember one, AgentMember other) throws Exception {
    assertHears(one, other);
    assertHears(other, one);
  }

  private void assertHears(AgentMember sender, AgentMember receiver) throws Exception {
    String text = "word " + ++said;
    assertTrue(sender.agent().send(Bytes.ofUtf8(text), 4000), text + " of " + sender.name);
    world().runSeconds(1);
    assertTrue(receiver.delivered.contains(text), receiver.name + " heard " + receiver.delivered);
  }

  static long applied(AgentMember member) {
    return status(member).rekeysApplied();
  }

  static MembershipStatus status(AgentMember member) {
    return member.agent().status().membership();
  }

  /** Every rekey that ever came is there once more, and nothing moves. */
  static void assertOldRekeysAreNotTaken(AgentMember member) {
    String before = keys(member);
    assertTrue(member.rekeys.size() > 2, "there are some");
    for (Bytes old : List.copyOf(member.rekeys)) {
      member.agent().onRekeyDatagram(old);
      assertEquals(before, keys(member));
      assertMember(member);
    }
  }

  private static String keys(AgentMember member) {
    MembershipStatus status = status(member);
    return status.rekeySpi()
        + " "
        + status.lastMessageId()
        + " "
        + status.rekeysApplied()
        + " "
        + status.keyPath()
        + " "
        + status.dataSas().stream().map(sa -> sa.policy().id().spi().hex()).toList();
  }
}
