package org.keyfleet.agent.run;

import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.MqttAddress;
import org.keyfleet.transport.mqtt.MqttBroker;
import org.keyfleet.transport.mqtt.MqttTopics;

/** IKE messages over a request and a response topic, rekeys over the group's topic. */
final class MqttPath implements GcksPath {
  private final MqttAddress requests;
  private final Link registration;
  private final Link rekeys;

  MqttPath(MqttBroker broker, String group, String member, Runnable wakeUp) {
    this.requests = MqttTopics.request(group, member);
    this.registration = broker.memberRegistration(group, member);
    this.rekeys = broker.memberRekeys(group);
    registration.onArrival(wakeUp);
    rekeys.onArrival(wakeUp);
  }

  @Override
  public Optional<PathEnds> path() {
    return Optional.empty();
  }

  /** Messages wait for the broker; its state is the link's. */
  @Override
  public Optional<String> unreachable() {
    return Optional.empty();
  }

  @Override
  public void send(List<Bytes> datagrams, boolean natPort) {
    for (Bytes datagram : datagrams) {
      registration.send(new Datagram(requests, datagram.toArray()));
    }
  }

  /** The subscription stands from the start: the broker keeps what we miss. */
  @Override
  public void hearRekeys(RekeySaPolicy policy) {}

  @Override
  public void hearNoRekeys() {}

  @Override
  public boolean pump(AgentDoor door) {
    boolean more =
        NetworkChannel.drain(
            registration,
            datagram -> {
              Bytes octets = NetworkChannel.octets(datagram);
              door.enter(agent -> agent.onRegistrationMessage(octets, Optional.empty()));
            });
    return NetworkChannel.drain(
            rekeys,
            datagram -> {
              Bytes octets = NetworkChannel.octets(datagram);
              door.enter(agent -> agent.onRekeyDatagram(octets));
            })
        || more;
  }

  @Override
  public void tick() {}

  @Override
  public Optional<String> trouble() {
    return Optional.empty();
  }

  @Override
  public int unfragmentedOctets() {
    return registration.unfragmentedOctets();
  }

  @Override
  public List<Link> links() {
    return List.of(registration, rekeys);
  }

  @Override
  public void close() {
    registration.close();
    rekeys.close();
  }
}
