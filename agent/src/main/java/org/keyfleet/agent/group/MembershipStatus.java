package org.keyfleet.agent.group;

import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A membership for {@code status}.
 *
 * @param lastMessageId of the current Rekey SA; -1 before its first message
 * @param rekeySpi of the current Rekey SA
 * @param keyPath Key IDs, from the key that wraps the Rekey SA's to our own
 */
public record MembershipStatus(
    boolean strict,
    long rekeysApplied,
    long lastMessageId,
    Optional<Bytes> rekeySpi,
    long rekeyExpiresNanos,
    List<Long> keyPath,
    List<DataPlane.Entry> dataSas) {
  public MembershipStatus {
    keyPath = List.copyOf(keyPath);
    dataSas = List.copyOf(dataSas);
  }
}
