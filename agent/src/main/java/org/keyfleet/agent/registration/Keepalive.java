package org.keyfleet.agent.registration;

import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.NonEspMarker;

/** The keepalives of an IKE SA that stands behind a NAT (RFC 3948 section 4). */
final class Keepalive {
  /** Ours. */
  private static final long INTERVAL_NANOS = 20_000_000_000L;

  private long dueNanos = Long.MAX_VALUE;

  void begin(long nowNanos) {
    dueNanos = nowNanos + INTERVAL_NANOS;
  }

  /** {@link Long#MAX_VALUE} before {@link #begin}. */
  long dueNanos() {
    return dueNanos;
  }

  Optional<RegistrationAction> take(long nowNanos) {
    if (nowNanos < dueNanos) {
      return Optional.empty();
    }
    begin(nowNanos);
    return Optional.of(new RegistrationAction.Send(List.of(NonEspMarker.keepalive()), true));
  }
}
