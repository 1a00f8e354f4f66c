package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.memory.MemoryNetwork;

class SourceAddressesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final UdpAddress PEER = MemoryNetwork.address(1);

  private @Nullable InetAddress own = MemoryNetwork.address(9).host();
  private int lookUps;
  private long now;
  private final SourceAddresses sources =
      new SourceAddresses(this::ask, new AgentClock(() -> now, InstantSource.system()));

  private InetAddress ask(UdpAddress peer) throws TransportException {
    lookUps++;
    if (own == null) {
      throw new TransportException("no route to " + peer);
    }
    return own;
  }

  @Test
  void aFloodCostsOneLookup() throws Exception {
    for (int i = 0; i < 1000; i++) {
      assertEquals(own, sources.toward(PEER));
    }
    assertEquals(1, lookUps);
  }

  @Test
  void aNewAddressIsSeenAfterAWhileAndAtOnceWhereItCounts() throws Exception {
    sources.toward(PEER);
    own = MemoryNetwork.address(10).host();
    assertEquals(own, sources.nowToward(PEER));
    own = MemoryNetwork.address(11).host();
    now += 16 * SECOND;
    assertEquals(own, sources.toward(PEER));
  }

  /** The first failure was kept for ever, and packets carried 0.0.0.0 as their source. */
  @Test
  void aFailureIsForgottenSoon() throws Exception {
    own = null;
    for (int i = 0; i < 1000; i++) {
      assertThrows(TransportException.class, () -> sources.toward(PEER));
    }
    assertEquals(1, lookUps);
    own = MemoryNetwork.address(9).host();
    now += 2 * SECOND;
    assertEquals(own, sources.toward(PEER));
  }

  @Test
  void onlySomePeersAreKept() throws Exception {
    for (int i = 1; i <= 100; i++) {
      sources.toward(MemoryNetwork.address(i));
    }
    sources.toward(MemoryNetwork.address(100));
    assertEquals(100, lookUps);
    sources.toward(PEER);
    assertEquals(101, lookUps);
  }
}
