package org.keyfleet.agent.data;

import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.octets.Bytes;

/**
 * What to install, but for the key.
 *
 * @param tunnel whether the SA is of tunnel mode: no USE_TRANSPORT_MODE came (RFC 9838 section
 *     2.3.4)
 * @param sender our Sender-ID if we send over it
 * @param firstFreeCounter the first counter that was never reserved: 1 for a new SA
 * @param received of the same key before: nothing below these marks is taken
 * @param sinceNanos when it was received
 * @param sendFromNanos when a sender starts using it: after ATD (RFC 9838 section 4.4.3.1.1)
 * @param expiresNanos the end of GSA_KEY_LIFETIME
 */
public record DataSaInstall(
    DataSaPolicy policy,
    boolean tunnel,
    Optional<SenderRole> sender,
    long firstFreeCounter,
    List<ReplayMark> received,
    long sinceNanos,
    long sendFromNanos,
    long expiresNanos) {
  public DataSaInstall {
    received = List.copyOf(received);
  }

  long spi() {
    return spi(policy);
  }

  static long spi(DataSaPolicy policy) {
    Bytes octets = policy.id().spi();
    return (long) octets.at(0) << 24
        | (long) octets.at(1) << 16
        | (long) octets.at(2) << 8
        | octets.at(3);
  }
}
