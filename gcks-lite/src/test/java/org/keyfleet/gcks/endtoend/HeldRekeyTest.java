package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/** Rekeys and starts while the token is away: held, and taken up when it is back. */
class HeldRekeyTest extends WorldFixture {
  private static final String PIN = "123456";

  private final List<AgentMember> agents = new ArrayList<>();

  @AfterEach
  void closeAgents() {
    for (AgentMember agent : agents) {
      agent.close();
    }
  }

  /** The copies of the message do not make it forget that it holds one. */
  @Test
  void aRekeyWaitsForTheToken() throws Exception {
    policy.extraCopies = 3;
    AgentMember sender = started("m1.fleet.example", custody("m1"), true);
    AbsentToken token = new AbsentToken(custody("m2"));
    AgentMember member = started("m2.fleet.example", token.custody(), false);
    world().runSeconds(5);
    int registrations = registrations();
    token.pullOut();
    world().server().group("fleet").orElseThrow().heal(0, 1);
    world().runSeconds(1);
    assertTrue(member.agent().tokenTrouble());
    world().runSeconds(5);
    token.putBack();
    member.recoverToken(PIN.toCharArray());
    assertFalse(member.agent().tokenTrouble());
    world().runSeconds(40);
    assertTrue(hears(sender, "current again", member), member.state());
    assertTrue(registrations() - registrations <= 1, "one registration at most");
  }

  /** The token is not there yet when the agent starts. */
  @Test
  void aStartWaitsForTheToken() throws Exception {
    AgentMember sender = started("m1.fleet.example", custody("m1"), true);
    AbsentToken token = new AbsentToken(custody("m2"));
    AgentMember member = started("m2.fleet.example", token.custody(), false);
    world().runSeconds(3);
    member.agent().close();
    member.kill();
    token.pullOut();
    member.start();
    assertTrue(member.agent().tokenTrouble());
    assertFalse(member.agent().knowsItsKeys());
    token.putBack();
    member.recoverToken(PIN.toCharArray());
    assertTrue(member.agent().knowsItsKeys());
    assertEquals(-1, member.agent().status().registeredMillis(), "from the journal");
    assertTrue(hears(sender, "from the journal", member));
  }

  private int registrations() throws Exception {
    return (int)
        world().store().audit(1000).stream()
            .filter(row -> row.event().equals("registered-again"))
            .count();
  }

  private boolean hears(AgentMember sender, String text, AgentMember receiver) throws Exception {
    sender.agent().send(Bytes.ofUtf8(text), 4000);
    world().runSeconds(1);
    return receiver.delivered.contains(text);
  }

  private KeyCustody custody(String name) throws Exception {
    KeyCustody custody = SoftCustodies.open(Files.createDirectories(directory().resolve(name)));
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    return custody;
  }

  private AgentMember started(String name, KeyCustody custody, boolean sender) throws Exception {
    Path state = Files.createDirectories(directory().resolve(name));
    AgentMember member = new AgentMember(world(), name, custody, state, sender);
    agents.add(member);
    member.start();
    world().runSeconds(1);
    assertEquals("member", member.state());
    return member;
  }
}
