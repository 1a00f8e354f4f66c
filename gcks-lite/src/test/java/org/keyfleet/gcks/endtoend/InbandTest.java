package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.policy.RekeyTransport;
import org.keyfleet.protocol.octets.Bytes;

/** A small group without a Rekey SA: GSA_INBAND_REKEY over each member's own IKE SA. */
class InbandTest extends WorldFixture {
  @Test
  void joinsEvictionsAndRefreshesGoOverTheIkeSas() throws Exception {
    policy.transport = RekeyTransport.INBAND;
    PlainMember m1 = world().registered(world().pskMember("m1.fleet.example"));
    assertTrue(m1.policy != null && m1.policy.rekeySa().isEmpty());
    assertTrue(m1.keyPath().isEmpty());
    Map<Bytes, Bytes> first = m1.current();
    PlainMember m2 = world().registered(world().pskMember("m2.fleet.example"));
    PlainMember m3 = world().registered(world().pskMember("m3.fleet.example"));
    world().runSeconds(20); // the IKE SAs stay
    assertFalse(m1.ikeSaClosed);
    assertEquals(m1.current(), m2.current());
    assertEquals(m1.current(), m3.current());
    assertNotEquals(first, m1.current());

    world().server().group("fleet").orElseThrow().evict("m3.fleet.example", false);
    world().runSeconds(1);
    assertTrue(m3.excluded);
    assertTrue(m3.ikeSaClosed);
    assertEquals(m1.current(), m2.current());
    m1.current().values().forEach(key -> assertFalse(m3.dataKeys.containsValue(key)));

    Map<Bytes, Bytes> before = m1.current();
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().runSeconds(1);
    assertEquals(m1.current(), m2.current());
    assertNotEquals(before, m1.current());
  }

  @Test
  void aSilentMemberIsForgotten() throws Exception {
    policy.transport = RekeyTransport.INBAND;
    world().registered(world().pskMember("m1.fleet.example"));
    world().remove("m1.fleet.example");
    world().server().group("fleet").orElseThrow().refresh("operator");
    world().runSeconds(120);
    assertEquals(0, world().server().responder().ikeSas());
  }
}
