package org.keyfleet.agent.run;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.config.GroupTransport;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.udp.MulticastSettings;
import org.keyfleet.transport.udp.UdpLinks;

/** Wants a multicast group in a namespace without a network, and says when it hears it. */
final class LateNetworkProbe {
  private static final long STEP_NANOS = 100_000_000L;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private LateNetworkProbe() {}

  /** Prints {@code deaf} and why, then {@code hears} and on which interface. */
  public static void main(String[] arguments) throws Exception {
    AgentClock clock = AgentClock.system();
    UdpAddress group = UdpAddress.resolve("239.192.7.9", 8480);
    GroupSettings settings =
        new GroupSettings(
            "late",
            GroupTransport.MULTICAST,
            Optional.empty(),
            false,
            1,
            false,
            8480,
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO);
    try (SelectorLoop loop = SelectorLoop.start("probe");
        WantedLinks links = new WantedLinks("late", 1, () -> {}, clock, new SecureRandom())) {
      UdpLinks udp = new UdpLinks(loop, QueueLimits.DEVICE);
      links.want(
          group,
          () ->
              udp.multicast(
                  MulticastSettings.receiver(
                      group, NetworkChannel.interfaceName(settings, group))));
      System.out.println("deaf: " + links.trouble().orElse("no"));
      while (links.trouble().isPresent() && clock.nowNanos() < PATIENCE_NANOS) {
        LockSupport.parkNanos(STEP_NANOS);
        links.tick();
      }
      System.out.println("hears: " + links.links());
    }
  }
}
