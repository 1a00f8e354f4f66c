package org.keyfleet.agent.registration;

import java.util.Optional;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.KeyShare;

/**
 * What we sent in IKE_SA_INIT.
 *
 * @param round counts the requests that a COOKIE or INVALID_KE_PAYLOAD made us send, from 1
 * @param cookie to be sent along again (RFC 7296 section 2.6.1)
 * @param share belongs to this attempt; closed when another takes its place
 * @param message the request as sent: its octets are signed (RFC 7296 section 2.15)
 */
record InitAttempt(
    Purpose purpose,
    Optional<PathEnds> path,
    int round,
    IkeSpi spi,
    Bytes nonce,
    SaPayload offer,
    KeyShare share,
    Optional<NotifyPayload> cookie,
    Bytes message) {}
