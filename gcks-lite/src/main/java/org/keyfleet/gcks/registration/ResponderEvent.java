package org.keyfleet.gcks.registration;

import org.keyfleet.gcks.group.GroupListener;
import org.keyfleet.gcks.group.JoinOutcome;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.octets.Bytes;

/** What happens to the responder. */
public sealed interface ResponderEvent {
  /** A datagram came, still with its non-ESP marker if the path has one. */
  record Received(PeerPath path, Bytes datagram) implements ResponderEvent {}

  /** The group has answered an {@link ResponderAction.Join}. */
  record Decided(IkeSpi sa, JoinOutcome outcome) implements ResponderEvent {}

  /** A member is out of a group: its IKE SAs end. */
  record MemberGone(String group, String identity) implements ResponderEvent {}

  /** The members of a group without a Rekey SA get new keys. */
  record InbandRekey(String group, GroupListener.InbandPayloads payloads)
      implements ResponderEvent {}

  /** Time passes. */
  record Tick() implements ResponderEvent {}
}
