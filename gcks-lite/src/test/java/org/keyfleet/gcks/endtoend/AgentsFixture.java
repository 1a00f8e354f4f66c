package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/** A server and agents that keep their keys in files. */
abstract class AgentsFixture extends WorldFixture {
  private final List<AgentMember> agents = new ArrayList<>();

  @AfterEach
  void closeAgents() {
    for (AgentMember agent : agents) {
      agent.close();
    }
  }

  /** An open custody with an identity key. */
  KeyCustody custody(String name) throws Exception {
    KeyCustody custody = SoftCustodies.open(Files.createDirectories(directory().resolve(name)));
    custody.generateIdentity(AgentMember.IDENTITY, IdentityAlgorithm.P256);
    return custody;
  }

  AgentMember started(String name, KeyCustody custody, boolean sender) throws Exception {
    AgentMember member =
        new AgentMember(
            world(), name, custody, Files.createDirectories(directory().resolve(name)), sender);
    agents.add(member);
    member.start();
    world().runSeconds(1);
    assertEquals("member", member.state());
    return member;
  }

  boolean hears(AgentMember sender, String text, AgentMember receiver) throws Exception {
    sender.agent().send(Bytes.ofUtf8(text), 4000);
    world().runSeconds(1);
    return receiver.delivered.contains(text);
  }

  /** How often members that the server knew have registered again. */
  int registrations() throws Exception {
    return (int)
        world().store().audit(1000).stream()
            .filter(row -> row.event().equals("registered-again"))
            .count();
  }
}
