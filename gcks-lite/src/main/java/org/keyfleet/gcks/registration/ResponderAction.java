package org.keyfleet.gcks.registration;

import java.util.List;
import org.keyfleet.gcks.group.JoinRequest;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.octets.Bytes;

/** What the responder wants done. */
public sealed interface ResponderAction {
  /** Send IKE messages, on a path with the marker each behind one. */
  record Send(PeerPath path, List<Bytes> datagrams) implements ResponderAction {
    public Send {
      datagrams = List.copyOf(datagrams);
    }
  }

  /** Ask the group; its answer comes back as {@link ResponderEvent.Decided}. */
  record Join(IkeSpi sa, String group, JoinRequest request) implements ResponderAction {}

  /** A member leaves the group. */
  record Leave(String group, String identity) implements ResponderAction {}
}
