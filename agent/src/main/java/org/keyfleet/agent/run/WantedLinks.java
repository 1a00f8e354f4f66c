package org.keyfleet.agent.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;

/**
 * The multicast links that a group's SAs ask for. One that the network does not allow yet, because
 * an interface is missing or down or has no route, stays wanted and is tried again.
 */
final class WantedLinks implements AutoCloseable {
  private static final Logger LOG = System.getLogger(WantedLinks.class.getName());
  private static final long RETRY_NANOS = 5_000_000_000L;

  /** Opens one link. */
  @FunctionalInterface
  interface Opener {
    Link open() throws TransportException;
  }

  /** A link, or why there is none. */
  private static final class Wanted {
    private final Opener opener;
    private @Nullable Link link;
    private String trouble = "";

    Wanted(Opener opener) {
      this.opener = opener;
    }
  }

  private final String group;
  private final int maxLinks;
  private final Runnable wakeUp;
  private final AgentClock clock;
  private final RandomGenerator random;
  private final Map<UdpAddress, Wanted> wanted = new LinkedHashMap<>();
  private long retryNanos;

  /**
   * No links.
   *
   * @param group its name, for the log
   * @param maxLinks one more closes the oldest
   * @param wakeUp called when something arrives
   */
  WantedLinks(
      String group, int maxLinks, Runnable wakeUp, AgentClock clock, RandomGenerator random) {
    this.group = group;
    this.maxLinks = maxLinks;
    this.wakeUp = wakeUp;
    this.clock = clock;
    this.random = random;
  }

  /** Wants a link to {@code address} from now on, and opens it if it can be. */
  void want(UdpAddress address, Opener opener) {
    if (wanted.containsKey(address)) {
      return;
    }
    Wanted fresh = new Wanted(opener);
    wanted.put(address, fresh);
    if (!open(address, fresh)) {
      later();
    }
    if (wanted.size() > maxLinks) {
      drop(wanted.keySet().iterator().next());
    }
  }

  /** Wants only those that {@code still} names; the others are closed. */
  void keep(Predicate<UdpAddress> still) {
    for (UdpAddress address : List.copyOf(wanted.keySet())) {
      if (!still.test(address)) {
        drop(address);
      }
    }
  }

  /** Tries again what could not be opened, when that is due. */
  void tick() {
    if (clock.nowNanos() < retryNanos) {
      return;
    }
    boolean missing = false;
    for (Map.Entry<UdpAddress, Wanted> entry : wanted.entrySet()) {
      Wanted each = entry.getValue();
      missing |= each.link == null && !open(entry.getKey(), each);
    }
    if (missing) {
      later();
    }
  }

  @Nullable Link find(UdpAddress address) {
    Wanted found = wanted.get(address);
    return found == null ? null : found.link;
  }

  /** The links that are open. */
  List<Link> links() {
    List<Link> links = new ArrayList<>(wanted.size());
    for (Wanted each : wanted.values()) {
      Link link = each.link;
      if (link != null) {
        links.add(link);
      }
    }
    return links;
  }

  /** What keeps a wanted link from being opened; empty when all are. */
  Optional<String> trouble() {
    for (Wanted each : wanted.values()) {
      if (each.link == null) {
        return Optional.of(each.trouble);
      }
    }
    return Optional.empty();
  }

  /** Wants none any more. */
  @Override
  public void close() {
    keep(none -> false);
  }

  private boolean open(UdpAddress address, Wanted each) {
    try {
      Link link = each.opener.open();
      link.onArrival(wakeUp);
      each.link = link;
      if (!each.trouble.isEmpty()) {
        LOG.log(Level.INFO, "group " + group + ": hears " + address + " now");
      }
      return true;
    } catch (TransportException e) {
      String text = String.valueOf(e.getMessage());
      Level level = text.equals(each.trouble) ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "group " + group + ": " + text + "; tried again every 5 s");
      each.trouble = text;
      return false;
    }
  }

  private void later() {
    retryNanos = clock.nowNanos() + RETRY_NANOS - random.nextLong(RETRY_NANOS / 4);
  }

  private void drop(UdpAddress address) {
    Wanted gone = wanted.remove(address);
    Link link = gone == null ? null : gone.link;
    if (link != null) {
      link.close();
    }
  }
}
