package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Rekeys and starts while the token is away: held, and taken up when it is back. */
class HeldRekeyTest extends AgentsFixture {
  private static final String PIN = "123456";

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
}
