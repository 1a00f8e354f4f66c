package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.memory.MemoryNetwork;

class WantedLinksTest {
  private static final long SECOND = 1_000_000_000L;
  private static final UdpAddress GROUP = MemoryNetwork.groupAddress(1);

  private final MemoryNetwork network = new MemoryNetwork(1);
  private final AtomicInteger tries = new AtomicInteger();
  private boolean networkUp = true;
  private long now;

  private final WantedLinks links =
      new WantedLinks(
          "fleet", 2, () -> {}, new AgentClock(() -> now, InstantSource.system()), new Random(7));

  private Link open(UdpAddress group) throws TransportException {
    tries.incrementAndGet();
    if (!networkUp) {
      throw new TransportException("no network interface for " + group);
    }
    return network.group(group, MemoryNetwork.address(1));
  }

  private void want(UdpAddress group) {
    links.want(group, () -> open(group));
  }

  /** A member restored before its network was up stayed deaf for ever. */
  @Test
  void whatTheNetworkDoesNotAllowYetIsHeardOnceItDoes() {
    networkUp = false;
    want(GROUP);
    assertNull(links.find(GROUP));
    assertTrue(links.trouble().orElseThrow().contains("no network interface"));
    for (; now < 60 * SECOND; now += SECOND / 10) {
      links.tick();
    }
    int refused = tries.get();
    assertTrue(refused >= 11 && refused <= 17, refused + " tries in a minute");
    networkUp = true;
    for (long end = now + 6 * SECOND; now < end; now += SECOND / 10) {
      links.tick();
    }
    assertNotNull(links.find(GROUP));
    assertEquals(Optional.empty(), links.trouble());
    assertEquals(refused + 1, tries.get());
  }

  @Test
  void anOpenLinkIsOpenedOnce() {
    want(GROUP);
    want(GROUP);
    now += 100 * SECOND;
    links.tick();
    assertEquals(1, tries.get());
  }

  @Test
  void oneTooManyClosesTheOldest() {
    want(GROUP);
    Link oldest = links.links().get(0);
    want(MemoryNetwork.groupAddress(2));
    want(MemoryNetwork.groupAddress(3));
    assertEquals(2, links.links().size());
    assertFalse(oldest.state().isUp());
  }

  @Test
  void whatNoSaUsesIsClosed() {
    want(GROUP);
    want(MemoryNetwork.groupAddress(2));
    Link gone = links.links().get(0);
    links.keep(address -> !address.equals(GROUP));
    assertFalse(gone.state().isUp());
    assertNull(links.find(GROUP));
    links.close();
    assertEquals(List.of(), links.links());
  }
}
