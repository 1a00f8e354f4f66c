package org.keyfleet.agent.run;

import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.TransportException;

/** How a group's IKE and rekey messages travel: over UDP or over a broker. */
interface GcksPath extends AutoCloseable {
  /** Both ends, for NAT detection; empty where there is no NAT to be seen. */
  Optional<PathEnds> path();

  /** Why nothing can be sent, as {@link #path} found; empty when something can. */
  Optional<String> unreachable();

  void send(List<Bytes> datagrams, boolean natPort);

  void hearRekeys(RekeySaPolicy policy) throws TransportException;

  void hearNoRekeys();

  /** Hands over what has arrived; true when there may be more. */
  boolean pump(AgentDoor door);

  /** Does what time brings. */
  void tick();

  /** What keeps rekeys from being heard; empty when nothing does. */
  Optional<String> trouble();

  /** The longest datagram that travels in one piece. */
  int unfragmentedOctets();

  List<Link> links();

  @Override
  void close();
}
