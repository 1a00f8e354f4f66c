package org.keyfleet.gcks.group;

import java.util.Optional;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.octets.Bytes;

/**
 * An authenticated peer asks to become a member.
 *
 * @param publicKeyInfo SubjectPublicKeyInfo of its certificate
 * @param sender whether it sent GROUP_SENDER
 * @param senderIds how many Sender-IDs it asked for; 0 and 1 both give one
 * @param supported its SAg payload (RFC 9838 section 2.3.3)
 * @param keyfleetPeer whether it sent our Vendor ID and so understands our extensions
 * @param fragments whether it reassembles fragments (RFC 7383)
 * @param transport for the operator: udp or mqtt
 * @param kwk GSK_w of its IKE SA
 */
public record JoinRequest(
    MemberId identity,
    Authentication authentication,
    Optional<Bytes> publicKeyInfo,
    boolean sender,
    long senderIds,
    Optional<SaPayload> supported,
    boolean keyfleetPeer,
    boolean fragments,
    String transport,
    DefaultKwk kwk) {}
