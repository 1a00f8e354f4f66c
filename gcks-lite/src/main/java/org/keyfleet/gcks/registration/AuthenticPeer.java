package org.keyfleet.gcks.registration;

import java.util.Optional;
import org.keyfleet.gcks.group.Authentication;
import org.keyfleet.gcks.group.MemberId;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A peer that has proved its identity.
 *
 * @param publicKeyInfo of its certificate; empty with PSK
 */
record AuthenticPeer(
    MemberId identity, Authentication authentication, Optional<Bytes> publicKeyInfo) {}
