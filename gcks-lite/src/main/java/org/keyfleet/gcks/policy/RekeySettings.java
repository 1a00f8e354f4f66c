package org.keyfleet.gcks.policy;

import java.time.Duration;
import java.util.Set;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * How a group's keys are replaced.
 *
 * @param interval length of a batch in interval mode
 * @param signatureKey with which messages are signed, unless authentication is implicit
 * @param extraCopies retransmissions of each message, bitwise identical (RFC 9838 section 2.4.1.3)
 * @param copySpacing time between two copies
 * @param lifetime of a Rekey SA
 */
public record RekeySettings(
    RekeyMode mode,
    Duration interval,
    SaSuite suite,
    KeyWrap keyWrap,
    RekeyAuthentication authentication,
    SignatureKey signatureKey,
    Duration lifetime,
    int extraCopies,
    Duration copySpacing,
    Set<RekeyTransport> transports,
    MulticastTarget target) {
  public RekeySettings {
    transports = Set.copyOf(transports);
  }

  /** Whether the group has a Rekey SA at all; else each member is rekeyed over its own IKE SA. */
  public boolean multicast() {
    return !transports.contains(RekeyTransport.INBAND);
  }
}
