package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.RekeyTransport;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/** The agent in a group without a Rekey SA. */
class InbandAgentTest extends WorldFixture {
  private final List<AgentMember> agents = new ArrayList<>();

  @AfterEach
  void closeAgents() {
    agents.forEach(AgentMember::close);
  }

  /** The IKE SAs are gone with the server's memory: the end of the data SAs brings members back. */
  @Test
  void membersComeBackAfterARestartOfTheServer() throws Exception {
    policy.transport = RekeyTransport.INBAND;
    policy.dataLifetime = Duration.ofMinutes(5);
    AgentMember sender = started("m1.fleet.example", true);
    AgentMember receiver = started("m2.fleet.example", false);
    world().runSeconds(1);
    assertTrue(hears(sender, "before", receiver));
    world().stopServer();
    world().startServer();
    AgentMember late = started("m3.fleet.example", false);
    boolean heard = false;
    for (int minute = 0; minute < 15 && !heard; minute++) {
      world().run(Duration.ofMinutes(1));
      String text = "minute " + minute;
      heard = hears(sender, text, receiver) && late.delivered.contains(text);
    }
    assertTrue(heard, sender.state() + ", " + receiver.state() + ", " + late.state());
  }

  private boolean hears(AgentMember sender, String text, AgentMember receiver) throws Exception {
    boolean sent = sender.agent().send(Bytes.ofUtf8(text), 4000);
    world().runSeconds(1);
    return sent && receiver.delivered.contains(text);
  }

  private AgentMember started(String name, boolean sender) throws Exception {
    Path state = Files.createDirectories(directory().resolve(name));
    KeyCustody custody = SoftCustodies.open(state);
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    AgentMember member = new AgentMember(world(), name, custody, state, sender);
    agents.add(member);
    member.start();
    world().runSeconds(1);
    assertEquals("member", member.state());
    return member;
  }
}
