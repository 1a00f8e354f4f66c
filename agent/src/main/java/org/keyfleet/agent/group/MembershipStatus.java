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
 */
public record MembershipStatus(
    boolean strict,
    long rekeysApplied,
    long lastMessageId,
    Optional<Bytes> rekeySpi,
    long rekeyExpiresNanos,
    List<DataPlane.Entry> dataSas) {
  public MembershipStatus {
    dataSas = List.copyOf(dataSas);
  }
}
