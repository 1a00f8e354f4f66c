package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;

/** A member that is out of reach while the group is rekeyed, and in reach again later. */
class MissedRekeyTest extends AgentsFixture {
  /** Traffic under keys that it does not have brings it back, long before its SAs end. */
  @Test
  void trafficUnderUnknownKeysBringsAMemberBack() throws Exception {
    AgentMember sender = started("m1.fleet.example", custody("m1.fleet.example"), true);
    AgentMember member = started("m2.fleet.example", custody("m2.fleet.example"), false);
    world().runSeconds(3);
    member.deaf = true;
    for (int i = 3; i <= 6; i++) {
      String name = "m" + i + ".fleet.example";
      started(name, custody(name), false);
      world().runSeconds(2);
    }
    member.deaf = false;
    assertFalse(hears(sender, "while behind", member));
    for (int second = 0; second < 120; second++) {
      sender.agent().send(Bytes.ofUtf8("tick"), 4000);
      world().runSeconds(1);
    }
    assertTrue(hears(sender, "back again", member), member.state());
    assertEquals("member", member.state());
  }

  /** It was not listening yet when the group was rekeyed; the next rekey tells it, not traffic. */
  @Test
  void aRekeyBringsBackANewMemberThatListenedTooLate() throws Exception {
    AgentMember sender = started("m1.fleet.example", custody("m1"), true);
    AgentMember member = started("m2.fleet.example", custody("m2"), false);
    member.deaf = true;
    world().server().group("fleet").orElseThrow().heal(0, 1);
    world().runSeconds(10);
    member.deaf = false;
    world().runSeconds(30);
    assertEquals(0, registrations());
    world().server().group("fleet").orElseThrow().heal(0, 1);
    world().runSeconds(15);
    assertEquals(1, registrations());
    assertTrue(hears(sender, "current again", member), member.state());
  }

  /** An attacker who can send to the group, and does so for hours, costs a few registrations. */
  @Test
  void forgedTrafficCostsFewRegistrationsAndNoKeys() throws Exception {
    AgentMember sender = started("m1.fleet.example", custody("m1.fleet.example"), true);
    AgentMember member = started("m2.fleet.example", custody("m2.fleet.example"), false);
    world().runSeconds(3);
    int before = registrations();
    Bytes forged = Bytes.concat(Bytes.fromHex("0badf00d00000001"), Bytes.copyOf(new byte[40]));
    for (int minute = 0; minute < 120; minute++) {
      for (int i = 0; i < 6; i++) {
        member.agent().onDataPacket(forged);
        world().runSeconds(10);
      }
    }
    int cost = registrations() - before;
    assertTrue(cost >= 1 && cost <= 5, cost + " registrations in two hours");
    assertTrue(hears(sender, "all the while a member", member));
  }
}
