package org.keyfleet.agent.group;

import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.octets.Bytes;

/** A group's way to the network and to applications. Sending never blocks and may lose. */
public interface GroupChannel {
  /** Both ends of the path to the GCKS; empty where there is no NAT to detect. */
  Optional<PathEnds> path();

  /** Why nothing can be sent to the GCKS, as {@link #path} found; empty when something can. */
  default Optional<String> unreachable() {
    return Optional.empty();
  }

  /** Datagrams to the GCKS, in order; to its port for NAT traversal when {@code natPort}. */
  void toGcks(List<Bytes> datagrams, boolean natPort);

  /** Hear the rekey messages of this SA from now on. */
  void hearRekeys(RekeySaPolicy policy);

  /** Hear and send the packets of this SA from now on. */
  void hearData(DataSaPolicy policy);

  /** Hear neither any more. */
  void hearNothing();

  /** Our address towards a group address, for tunnel mode. */
  Bytes sourceAddress(Bytes groupAddress);

  /** An ESP packet to the group address; false when it was not sent. */
  boolean sendData(Bytes packet, Bytes groupAddress);

  /** An opened datagram to the application. */
  void deliver(Bytes payload);
}
