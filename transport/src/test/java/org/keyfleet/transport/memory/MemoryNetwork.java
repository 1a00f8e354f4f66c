package org.keyfleet.transport.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.UdpAddress;

/**
 * A network whose time is the test's: nothing arrives before {@link #advanceTo} reaches its
 * instant. The same seed gives the same fate to the same sends; print the seed in random tests.
 *
 * <pre>
 *   MemoryNetwork net = new MemoryNetwork(seed).impair(Impairment.loss(20));
 *   MemoryLink gcks = net.unicast(MemoryNetwork.address(1));
 *   MemoryLink member = net.group(group, MemoryNetwork.address(11));
 *   net.advanceTo(clock.nowNanos());
 * </pre>
 */
public final class MemoryNetwork {
  private static final int PORT = 848;

  /** A datagram under way, as a tap sees it. */
  public record Passage(UdpAddress from, UdpAddress to, Datagram datagram, long sentNanos) {}

  private record Delivery(long dueNanos, long order, MemoryLink to, Datagram datagram) {}

  private final Random random;
  private final Map<UdpAddress, MemoryLink> unicast = new LinkedHashMap<>();
  private final Map<UdpAddress, Set<MemoryLink>> groups = new LinkedHashMap<>();
  private final PriorityQueue<Delivery> underWay =
      new PriorityQueue<>(
          Comparator.comparingLong(Delivery::dueNanos).thenComparingLong(Delivery::order));
  private final List<Passage> passages = new ArrayList<>();
  private Impairment impairment = Impairment.NONE;
  private Predicate<Passage> censor = any -> false;
  private long nowNanos;
  private long nextOrder;

  public MemoryNetwork(long seed) {
    this.random = new Random(seed);
  }

  /** Host {@code number} of a documentation network (RFC 5737) on port 848. */
  public static UdpAddress address(int number) {
    try {
      return UdpAddress.resolve("192.0.2." + number, PORT);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("host number " + number, e);
    }
  }

  /** Group {@code number} of the documentation groups (RFC 6676) on port 848. */
  public static UdpAddress groupAddress(int number) {
    try {
      return UdpAddress.resolve("233.252.0." + number, PORT);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("group number " + number, e);
    }
  }

  /** Changes the fate of datagrams sent from now on. */
  public synchronized MemoryNetwork impair(Impairment newImpairment) {
    impairment = newImpairment;
    return this;
  }

  /** Swallows each datagram sent from now on that {@code swallows} names. */
  public synchronized MemoryNetwork censor(Predicate<Passage> swallows) {
    censor = swallows;
    return this;
  }

  /** A link at {@code local}; an older link there is replaced, as after a restart. */
  public synchronized MemoryLink unicast(UdpAddress local) {
    MemoryLink link = new MemoryLink(this, local, local, QueueLimits.SERVER);
    unicast.put(local, link);
    return link;
  }

  /** A link that hears {@code group} and sends to it from {@code self}. */
  public synchronized MemoryLink group(UdpAddress group, UdpAddress self) {
    MemoryLink link = new MemoryLink(this, group, self, QueueLimits.SERVER);
    groups.computeIfAbsent(group, any -> new LinkedHashSet<>()).add(link);
    return link;
  }

  /** Delivers all that is due at {@code nanos}, also what deliveries cause to be sent at once. */
  public synchronized void advanceTo(long nanos) {
    nowNanos = Math.max(nowNanos, nanos);
    Delivery next = underWay.peek();
    while (next != null && next.dueNanos() <= nowNanos) {
      underWay.remove();
      next.to().arrive(next.datagram());
      next = underWay.peek();
    }
  }

  /** When the next datagram arrives, for a loop that jumps its clock from event to event. */
  public synchronized OptionalLong nextArrivalNanos() {
    Delivery next = underWay.peek();
    return next == null ? OptionalLong.empty() : OptionalLong.of(next.dueNanos());
  }

  /** All that was sent so far, also what was lost, in order. */
  public synchronized List<Passage> passages() {
    return List.copyOf(passages);
  }

  synchronized void send(UdpAddress from, Datagram datagram) {
    UdpAddress to = (UdpAddress) datagram.peer();
    Passage passage = new Passage(from, to, datagram, nowNanos);
    passages.add(passage);
    if (censor.test(passage)) {
      return;
    }
    for (MemoryLink target : receivers(to)) {
      if (random.nextInt(100) < impairment.lossPercent()) {
        continue;
      }
      int copies = random.nextInt(100) < impairment.duplicatePercent() ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        Datagram arriving = new Datagram(from, datagram.octets());
        underWay.add(new Delivery(nowNanos + delayNanos(), nextOrder++, target, arriving));
      }
    }
  }

  synchronized void remove(MemoryLink link) {
    unicast.values().remove(link);
    groups.values().forEach(members -> members.remove(link));
    underWay.removeIf(delivery -> delivery.to() == link);
  }

  private List<MemoryLink> receivers(UdpAddress to) {
    if (to.multicast()) {
      return List.copyOf(groups.getOrDefault(to, Set.of()));
    }
    MemoryLink one = unicast.get(to);
    return one == null ? List.of() : List.of(one);
  }

  private long delayNanos() {
    long spread = impairment.maxDelayNanos() - impairment.minDelayNanos();
    return impairment.minDelayNanos() + (spread == 0 ? 0 : random.nextLong(spread + 1));
  }
}
