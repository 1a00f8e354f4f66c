package org.keyfleet.agent.run;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;

/**
 * Our address towards a peer, as the routing table gives it. Each look-up costs a socket, so it is
 * kept for a while, and not longer: DHCP may give another one.
 */
final class SourceAddresses {
  private static final int MAX_KEPT = 16;
  private static final long FOUND_NANOS = 15_000_000_000L;
  private static final long FAILED_NANOS = 1_000_000_000L;

  /** Asks the routing table. */
  @FunctionalInterface
  interface Routes {
    InetAddress sourceToward(UdpAddress peer) throws TransportException;
  }

  private sealed interface Known permits Found, Failed {
    long untilNanos();
  }

  private record Found(InetAddress source, long untilNanos) implements Known {}

  private record Failed(TransportException why, long untilNanos) implements Known {}

  private final Routes routes;
  private final AgentClock clock;
  private final Map<InetAddress, Known> kept = new LinkedHashMap<>();

  SourceAddresses(Routes routes, AgentClock clock) {
    this.routes = routes;
    this.clock = clock;
  }

  /**
   * As it is now, or was seconds ago.
   *
   * @throws TransportException when there is no route
   */
  InetAddress toward(UdpAddress peer) throws TransportException {
    Known known = kept.get(peer.host());
    if (known == null || clock.nowNanos() >= known.untilNanos()) {
      known = lookUp(peer);
    }
    if (known instanceof Failed failed) {
      throw failed.why();
    }
    return ((Found) known).source();
  }

  /** As it is now: for what is agreed upon with it. */
  InetAddress nowToward(UdpAddress peer) throws TransportException {
    kept.remove(peer.host());
    return toward(peer);
  }

  private Known lookUp(UdpAddress peer) {
    Known fresh;
    try {
      fresh = new Found(routes.sourceToward(peer), clock.nowNanos() + FOUND_NANOS);
    } catch (TransportException e) {
      fresh = new Failed(e, clock.nowNanos() + FAILED_NANOS);
    }
    kept.remove(peer.host());
    kept.put(peer.host(), fresh);
    if (kept.size() > MAX_KEPT) {
      kept.remove(kept.keySet().iterator().next());
    }
    return fresh;
  }
}
