package org.keyfleet.transport.udp;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.UdpAddress;

/**
 * A process on a node of the multicast laboratory, driven over standard input and output.
 *
 * <pre>
 *   hear GROUP PORT [SOURCE]   prints "ready"; "report" on standard input prints "RECEIVED DISTINCT
 *                              CONDITION"; end of input ends it
 *   send GROUP PORT FROM COUNT sends numbered datagrams
 * </pre>
 */
final class MulticastProbe {
  private static final String INTERFACE = "eth0";

  private MulticastProbe() {}

  public static void main(String[] arguments) throws Exception {
    UdpAddress group = UdpAddress.resolve(arguments[1], Integer.parseInt(arguments[2]));
    try (SelectorLoop loop = SelectorLoop.start("probe")) {
      UdpLinks links = new UdpLinks(loop, QueueLimits.SERVER);
      if (arguments[0].equals("send")) {
        InetAddress from = UdpAddress.resolve(arguments[3], 0).host();
        send(links, group, from, Integer.parseInt(arguments[4]));
      } else {
        hear(links, group, arguments.length > 3 ? Optional.of(arguments[3]) : Optional.empty());
      }
    }
  }

  private static void hear(UdpLinks links, UdpAddress group, Optional<String> source)
      throws Exception {
    MulticastSettings settings = MulticastSettings.receiver(group, INTERFACE);
    if (source.isPresent()) {
      settings = settings.hearing(UdpAddress.resolve(source.get(), 0).host());
    }
    try (Link link = links.multicast(settings)) {
      say("ready");
      TreeSet<Integer> distinct = new TreeSet<>();
      for (int octet = System.in.read(); octet >= 0; octet = System.in.read()) {
        if (octet == '\n') {
          Datagram heard = link.poll();
          while (heard != null) {
            distinct.add(ByteBuffer.wrap(heard.octets()).getInt());
            heard = link.poll();
          }
          say(link.counters().received() + " " + distinct.size() + " " + link.state().condition());
        }
      }
    }
  }

  private static void send(UdpLinks links, UdpAddress group, InetAddress from, int count)
      throws Exception {
    MulticastSettings settings = MulticastSettings.sender(group, INTERFACE).sendingFrom(from);
    try (Link link = links.multicast(settings)) {
      for (int i = 0; i < count; i++) {
        link.send(new Datagram(group, ByteBuffer.allocate(4).putInt(i).array()));
        link.take(TimeUnit.MILLISECONDS.toNanos(1)); // nothing comes: it paces
      }
      say("sent " + link.counters().sent());
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
