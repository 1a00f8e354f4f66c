package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.admin.AdminCommands;

/** Faults of ours in the server: they cost the work at hand, not the server. */
class FaultTest extends WorldFixture {
  @Test
  void aFaultInOneRegistrationDoesNotEndTheServer() throws Exception {
    AtomicBoolean faulty = new AtomicBoolean();
    World world =
        worldOf(1)
            .betweenStatements(
                () -> {
                  if (faulty.get()) {
                    throw new IllegalStateException("a fault made on purpose by a test");
                  }
                })
            .startServer();
    world.registered(world.pskMember("m1.fleet.example"));
    faulty.set(true);
    world.faultsExpected = true;
    PlainMember unlucky = world.pskMember("m2.fleet.example");
    unlucky.register(world.nowNanos());
    world.runSeconds(2);
    assertTrue(world.server().faults() > 0);
    faulty.set(false);
    long faults = world.server().faults();
    world.registered(world.pskMember("m3.fleet.example"));
    world.runSeconds(3);
    assertEquals(faults, world.server().faults());
    world.remove("m2.fleet.example");
    assertSameKeys();
  }

  /** nanojson recurses: such a line used up the stack of the thread that owns the server. */
  @Test
  void nestedJsonOnTheAdminSocketIsAnsweredWithAnError() throws Exception {
    AdminCommands commands = new AdminCommands(world().server());
    String answer = commands.answer("{\"a\":" + "[".repeat(60_000));
    assertTrue(answer.contains("\"kind\":\"usage\""), answer);
    assertTrue(commands.answer("{\"command\":\"groups\"}").contains("\"ok\":true"));
  }
}
