package org.keyfleet.gcks.registration;

import java.time.Duration;
import org.keyfleet.gcks.policy.ServerSettings;
import org.keyfleet.protocol.ike.Retransmission;

/**
 * Bounds on what peers can make the responder keep.
 *
 * @param halfOpenThreshold half-open IKE SAs above which a COOKIE is demanded
 * @param halfOpenLimit most half-open IKE SAs
 * @param saLimit most IKE SAs in all
 * @param lingerNanos how long an IKE SA stays that nothing needs
 * @param fragmentOctets largest datagram without the marker
 */
public record ResponderLimits(
    int halfOpenThreshold, int halfOpenLimit, int saLimit, long lingerNanos, int fragmentOctets) {
  /** A peer that has not authenticated by then is forgotten. */
  static final long HALF_OPEN_NANOS = Duration.ofSeconds(30).toNanos();

  /** No initiator waits longer for an answer, see {@link Retransmission.Policy#STANDARD}. */
  static final long DECIDING_NANOS = Duration.ofMinutes(2).toNanos();

  /** Longest IKE_SA_INIT: proposals, one public value, a nonce and notifies take 1 KiB. */
  static final int INIT_OCTETS = 4096;

  /** Longest message of a peer that is not authenticated: a chain of certificates in it. */
  static final int UNAUTHENTICATED_OCTETS = 16 * 1024;

  /** IKE SAs of one identity: a device has one for each of its groups. */
  static final int SAS_PER_IDENTITY = 32;

  /** A closed SA answers retransmissions of its last request this long. */
  static final long CLOSED_NANOS = Duration.ofSeconds(15).toNanos();

  /** Age at which the secret behind the cookies is replaced. */
  static final long COOKIE_ROTATION_NANOS = Duration.ofSeconds(60).toNanos();

  public static ResponderLimits of(ServerSettings settings) {
    return new ResponderLimits(
        settings.halfOpenThreshold(),
        settings.halfOpenLimit(),
        settings.ikeSaLimit(),
        settings.ikeSaLinger().toNanos(),
        settings.fragmentOctets());
  }

  /** One source may take an eighth of the half-open table. */
  int halfOpenPerSource() {
    return Math.max(8, halfOpenLimit / 8);
  }
}
