package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.RekeyMode;
import org.keyfleet.protocol.gikev2.GroupSender;

/** Sender-IDs are few: what happens when they run out. */
class SenderIdTest extends WorldFixture {
  /** Two fit, the third starts the group over (RFC 9838 section 2.5.1). */
  @Test
  void aBatchThatWantsMoreThanThereAreStartsTheGroupOver() throws Exception {
    policy.mode = RekeyMode.INTERVAL;
    policy.senderIdBits = 2;
    PlainMember m1 = sender(1, 2);
    PlainMember m2 = sender(2, 2);
    PlainMember m3 = sender(3, 2);
    m1.register(world().nowNanos());
    m2.register(world().nowNanos());
    world().run(java.time.Duration.ofMillis(100));
    m3.register(world().nowNanos());
    world().runSeconds(4);
    assertEquals(2, m1.senderIds.size());
    assertEquals(2, m2.senderIds.size());
    assertTrue(m1.excluded);
    assertTrue(m2.excluded);
    assertEquals(2, m3.senderIds.size());
    assertEquals(1, world().store().memberCount("fleet"));
  }

  @Test
  void nobodyGetsMoreThanThereAre() throws Exception {
    policy.senderIdBits = 1;
    PlainMember m1 = world().registered(sender(1, 100));
    assertEquals(2, m1.senderIds.size());
  }

  /** One that registers over and over is refused, before everybody has to register anew. */
  @Test
  void oneMemberCannotUseThemAllUp() throws Exception {
    policy.senderIdBits = 8;
    policy.dataLifetime = java.time.Duration.ofMinutes(2);
    PlainMember m2 = world().registered(sender(2, 1));
    int registered = 0;
    for (int i = 0; i < 12; i++) {
      PlainMember m1 = sender(1, 4);
      m1.register(world().nowNanos());
      world().run(java.time.Duration.ofMillis(100));
      registered += m1.registered ? 1 : 0;
      if (i == 5) {
        // neither a restart nor leaving makes it forget
        m1.leave(world().nowNanos());
        world().runSeconds(1);
        world().stopServer();
        world().startServer();
      }
    }
    assertEquals(8, registered);
    world().runSeconds(1);
    assertFalse(m2.excluded);
    // the next data SAs, the next Sender-IDs
    world().run(policy.dataLifetime);
    world().registered(sender(1, 4));
  }

  private PlainMember sender(int number, long ids) throws Exception {
    return world()
        .member(
            "m" + number + ".fleet.example",
            new PlainMember.Credential.Psk(World.PSK),
            Optional.of(new GroupSender(ids)));
  }
}
