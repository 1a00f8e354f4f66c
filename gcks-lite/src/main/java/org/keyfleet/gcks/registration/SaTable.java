package org.keyfleet.gcks.registration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.octets.Bytes;

/** All IKE SAs, bounded, by our SPI and, while half-open, by the initiator's. */
final class SaTable {
  private record Initiator(IkeSpi spi, Bytes source) {}

  private final ResponderLimits limits;
  private final Map<IkeSpi, IkeSa> byResponder = new LinkedHashMap<>();
  private final Map<Initiator, IkeSa> halfOpen = new HashMap<>();
  private final Map<Bytes, Integer> halfOpenBySource = new HashMap<>();

  SaTable(ResponderLimits limits) {
    this.limits = limits;
  }

  int size() {
    return byResponder.size();
  }

  int halfOpen() {
    return halfOpen.size();
  }

  boolean wantsCookies() {
    return halfOpen.size() >= limits.halfOpenThreshold();
  }

  boolean hasRoomFor(Bytes source) {
    return byResponder.size() < limits.saLimit()
        && halfOpen.size() < limits.halfOpenLimit()
        && halfOpenBySource.getOrDefault(host(source), 0) < limits.halfOpenPerSource();
  }

  Optional<IkeSa> find(IkeSpi responder) {
    return Optional.ofNullable(byResponder.get(responder));
  }

  Optional<IkeSa> halfOpen(IkeSpi initiator, Bytes source) {
    return Optional.ofNullable(halfOpen.get(new Initiator(initiator, source)));
  }

  void add(IkeSa sa) {
    byResponder.put(sa.responderSpi, sa);
    halfOpen.put(new Initiator(sa.initiatorSpi, sa.source), sa);
    halfOpenBySource.merge(host(sa.source), 1, Integer::sum);
  }

  /** The SA is authenticated, or refused: it is no longer half-open. */
  void leaveHalfOpen(IkeSa sa) {
    if (halfOpen.remove(new Initiator(sa.initiatorSpi, sa.source), sa)) {
      halfOpenBySource.computeIfPresent(
          host(sa.source), (source, count) -> count == 1 ? null : count - 1);
    }
  }

  void remove(IkeSa sa) {
    leaveHalfOpen(sa);
    byResponder.remove(sa.responderSpi);
    sa.close();
  }

  /** A copy, so that the table can change meanwhile. */
  List<IkeSa> all() {
    return new ArrayList<>(byResponder.values());
  }

  /** A UDP source without its port: 2 octets at the end. */
  private static Bytes host(Bytes source) {
    return source.size() == 6 || source.size() == 18 ? source.slice(0, source.size() - 2) : source;
  }
}
