package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.protocol.gikev2.CipherSuite;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.SaAttributes;
import org.keyfleet.protocol.gikev2.SequenceNumbers;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.octets.Bytes;

class SoftLifeTest {
  @Test
  void eachTrafficNeedsItsSuccessor() {
    DataPlane.Entry first = sa("a1000001", 5000, false, 100);
    DataPlane.Entry other = sa("a1000002", 5001, false, 1000);
    DataPlane.Entry successor = sa("a1000003", 5000, false, 2000);
    assertEquals(50, SoftLife.ofNewest(List.of(first, other), 0.5));
    assertEquals(500, SoftLife.ofNewest(List.of(first, other, successor), 0.5));
  }

  @Test
  void deletedSaNeedsNone() {
    assertEquals(
        AgentClock.NEVER, SoftLife.ofNewest(List.of(sa("a1000001", 5000, true, 100)), 0.5));
    assertEquals(AgentClock.NEVER, SoftLife.ofNewest(List.of(), 0.5));
  }

  private static DataPlane.Entry sa(String spi, int port, boolean retiring, long endNanos) {
    DataSaPolicy policy =
        new DataSaPolicy(
            GroupSaId.esp(Bytes.fromHex(spi)),
            TrafficSelector.of(17, Bytes.fromHex("0a4d0001"), 0),
            TrafficSelector.of(17, Bytes.fromHex("ef4d0001"), port),
            CipherSuite.aead(TransformIds.ENCR_AES_GCM_16, 128),
            SequenceNumbers.UNSPECIFIED_32,
            SaAttributes.lifetime(3600));
    return new DataPlane.Entry(policy, false, false, retiring, 1, List.of(), 0, endNanos, 0, 0);
  }
}
