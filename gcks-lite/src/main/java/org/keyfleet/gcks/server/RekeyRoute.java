package org.keyfleet.gcks.server;

import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.Link;
import org.keyfleet.transport.LinkAddress;

/**
 * A way on which a group's rekey messages go out.
 *
 * @param everyCopy whether the extra copies go out too; a broker delivers by itself
 */
public record RekeyRoute(Link link, LinkAddress group, boolean everyCopy) {
  void send(RekeyMessageRow message) {
    for (Bytes datagram : message.datagrams()) {
      link.send(new Datagram(group, datagram.toArray()));
    }
  }
}
