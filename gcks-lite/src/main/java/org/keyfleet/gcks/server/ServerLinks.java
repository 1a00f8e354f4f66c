package org.keyfleet.gcks.server;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.MqttSettings;
import org.keyfleet.gcks.policy.MulticastTarget;
import org.keyfleet.gcks.policy.RekeyTransport;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.QueueLimits;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.mqtt.MqttBroker;
import org.keyfleet.transport.mqtt.MqttLogin;
import org.keyfleet.transport.mqtt.MqttTopics;
import org.keyfleet.transport.mqtt.TlsFiles;
import org.keyfleet.transport.udp.MulticastSettings;
import org.keyfleet.transport.udp.UdpLinks;

/** Every socket and the broker connection of the server. */
final class ServerLinks implements AutoCloseable {
  private final List<RegistrationLink> registrations = new ArrayList<>();
  private final Map<String, List<RekeyRoute>> routes = new HashMap<>();
  private Optional<MqttBroker> broker = Optional.empty();

  private ServerLinks() {}

  static ServerLinks open(Settings settings, SelectorLoop loop, SecureRandom random)
      throws TransportException {
    ServerLinks links = new ServerLinks();
    boolean done = false;
    try {
      UdpLinks udp = new UdpLinks(loop, QueueLimits.SERVER);
      for (InetAddress address : settings.listen().addresses()) {
        links.listen(udp, address, settings.listen().port(), false);
        links.listen(udp, address, settings.listen().natPort(), true);
      }
      if (settings.mqtt().isPresent()) {
        links.broker = Optional.of(MqttBroker.open(mqtt(settings.mqtt().get()), random));
      }
      for (GroupSettings group : settings.groups()) {
        links.group(udp, group);
      }
      links.broker.ifPresent(MqttBroker::start);
      done = true;
      return links;
    } finally {
      if (!done) {
        links.close();
      }
    }
  }

  List<RegistrationLink> registrations() {
    return registrations;
  }

  Map<String, List<RekeyRoute>> routes() {
    return routes;
  }

  private void listen(UdpLinks udp, InetAddress address, int port, boolean marker)
      throws TransportException {
    if (port != 0) {
      Link link = udp.unicast(new UdpAddress(address, port));
      registrations.add(new RegistrationLink(link, marker, "udp"));
    }
  }

  private void group(UdpLinks udp, GroupSettings group) throws TransportException {
    List<RekeyRoute> ways = new ArrayList<>();
    if (group.rekey().transports().contains(RekeyTransport.MULTICAST)) {
      MulticastTarget target = group.rekey().target();
      UdpAddress to = new UdpAddress(target.address(), target.port());
      MulticastSettings sender = MulticastSettings.sender(to, interfaceName(target));
      if (target.source().isPresent()) {
        sender = sender.sendingFrom(target.source().get());
      }
      ways.add(new RekeyRoute(udp.multicast(sender), to, true));
    }
    if (broker.isPresent()) {
      registrations.add(
          new RegistrationLink(broker.get().groupRegistrations(group.name()), false, "mqtt"));
      if (group.rekey().transports().contains(RekeyTransport.MQTT)) {
        ways.add(
            new RekeyRoute(
                broker.get().groupRekeys(group.name()), MqttTopics.rekey(group.name()), false));
      }
    }
    routes.put(group.name(), List.copyOf(ways));
  }

  /** Without a name in the policy: the first interface that is up and can multicast. */
  private static String interfaceName(MulticastTarget target) throws TransportException {
    if (target.interfaceName().isPresent()) {
      return target.interfaceName().get();
    }
    try {
      String loopback = "";
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp() && each.isLoopback()) {
          loopback = each.getName();
        } else if (each.isUp() && each.supportsMulticast()) {
          return each.getName();
        }
      }
      return loopback;
    } catch (SocketException e) {
      throw new TransportException("the network interfaces cannot be listed: " + e, e);
    }
  }

  private static org.keyfleet.transport.mqtt.MqttSettings mqtt(MqttSettings settings) {
    org.keyfleet.transport.mqtt.MqttSettings mqtt =
        org.keyfleet.transport.mqtt.MqttSettings.server(settings.broker(), settings.clientId());
    if (settings.trustAnchors().isPresent()) {
      TlsFiles tls = TlsFiles.trusting(settings.trustAnchors().get());
      if (settings.certificate().isPresent() && settings.key().isPresent()) {
        tls = tls.showing(settings.certificate().get(), settings.key().get());
      }
      mqtt = mqtt.with(tls);
    }
    if (settings.user().isPresent() && settings.passwordFile().isPresent()) {
      mqtt = mqtt.with(new MqttLogin(settings.user().get(), settings.passwordFile().get()));
    }
    return mqtt;
  }

  void onArrival(Runnable wakeUp) {
    registrations.forEach(link -> link.link().onArrival(wakeUp));
  }

  /** False once the broker's thread has ended. */
  boolean running() {
    return broker.isEmpty() || broker.get().running();
  }

  @Override
  public void close() {
    registrations.forEach(link -> link.link().close());
    routes.values().forEach(ways -> ways.forEach(way -> way.link().close()));
    broker.ifPresent(MqttBroker::close);
  }
}
