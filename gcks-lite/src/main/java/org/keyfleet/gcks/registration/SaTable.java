package org.keyfleet.gcks.registration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.octets.Bytes;

/**
 * All IKE SAs, bounded: by our SPI, by the peer's identity once it is authenticated, and before
 * that by the initiator's SPI and by network.
 */
final class SaTable {
  private record Initiator(IkeSpi spi, Bytes source) {}

  private final ResponderLimits limits;
  private final Map<IkeSpi, IkeSa> byResponder = new LinkedHashMap<>();
  private final Map<Initiator, IkeSa> halfOpen = new HashMap<>();

  /** Half-open SAs of each network, the oldest first. */
  private final Map<Bytes, Set<IkeSa>> halfOpenByNetwork = new HashMap<>();

  /** Authenticated SAs of each identity, the oldest first. */
  private final Map<String, Set<IkeSa>> byIdentity = new HashMap<>();

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

  /**
   * Whether one more half-open SA of a network has a place. In a full table one that has fewer than
   * the largest one takes the place of that one's oldest.
   */
  boolean makeRoomFor(Bytes network) {
    int own = of(halfOpenByNetwork, network).size();
    if (byResponder.size() >= limits.saLimit() || own >= limits.halfOpenPerSource()) {
      return false;
    }
    if (halfOpen.size() < limits.halfOpenLimit()) {
      return true;
    }
    Set<IkeSa> largest = Set.of();
    for (Set<IkeSa> each : halfOpenByNetwork.values()) {
      largest = each.size() > largest.size() ? each : largest;
    }
    if (largest.size() <= own + 1) {
      return false;
    }
    remove(largest.iterator().next());
    return true;
  }

  Optional<IkeSa> find(IkeSpi responder) {
    return Optional.ofNullable(byResponder.get(responder));
  }

  Optional<IkeSa> halfOpen(IkeSpi initiator, Bytes source) {
    return Optional.ofNullable(halfOpen.get(new Initiator(initiator, source)));
  }

  /** The authenticated SAs of an identity; a copy. */
  List<IkeSa> of(String identity) {
    return new ArrayList<>(of(byIdentity, identity));
  }

  void add(IkeSa sa) {
    byResponder.put(sa.responderSpi, sa);
    halfOpen.put(new Initiator(sa.initiatorSpi, sa.source), sa);
    halfOpenByNetwork.computeIfAbsent(sa.network, any -> new LinkedHashSet<>()).add(sa);
  }

  /** The peer is authenticated; its oldest SA goes when it has too many. */
  void authenticated(IkeSa sa, String identity) {
    leaveHalfOpen(sa);
    Set<IkeSa> own = byIdentity.computeIfAbsent(identity, any -> new LinkedHashSet<>());
    own.add(sa);
    if (own.size() > ResponderLimits.SAS_PER_IDENTITY) {
      remove(own.iterator().next());
    }
  }

  /** The SA is authenticated, or refused: it is no longer half-open. */
  void leaveHalfOpen(IkeSa sa) {
    if (halfOpen.remove(new Initiator(sa.initiatorSpi, sa.source), sa)) {
      drop(halfOpenByNetwork, sa.network, sa);
    }
  }

  void remove(IkeSa sa) {
    leaveHalfOpen(sa);
    byResponder.remove(sa.responderSpi);
    sa.peer.ifPresent(peer -> drop(byIdentity, peer.identity().text(), sa));
    sa.close();
  }

  /** A copy, so that the table can change meanwhile. */
  List<IkeSa> all() {
    return new ArrayList<>(byResponder.values());
  }

  private static <K> Collection<IkeSa> of(Map<K, Set<IkeSa>> index, K key) {
    @Nullable Set<IkeSa> found = index.get(key);
    return found == null ? Set.of() : found;
  }

  private static <K> void drop(Map<K, Set<IkeSa>> index, K key, IkeSa sa) {
    index.computeIfPresent(
        key,
        (any, sas) -> {
          sas.remove(sa);
          return sas.isEmpty() ? null : sas;
        });
  }
}
