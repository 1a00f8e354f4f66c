package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.data.DataSaInstall;
import org.keyfleet.agent.group.GroupSnapshot.DataSaEntry;
import org.keyfleet.agent.group.GroupSnapshot.RekeySaEntry;
import org.keyfleet.protocol.gikev2.RekeyVerifier;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Makes snapshots. The keys of data SAs go in wrapped under GSK_w of the current Rekey SA, whose
 * own keying material goes in as it came: wrapped along the path to the token's root.
 */
final class Snapshots {
  private final AgentClock clock;

  Snapshots(AgentClock clock) {
    this.clock = clock;
  }

  /** What a change does to the data SAs that are there. */
  interface Retirement {
    /** When the SA ends after the change. */
    long endNanos(DataPlane.Entry sa);
  }

  /**
   * The membership as it will be.
   *
   * @param fresh data SAs that the change brings
   * @return empty when it cannot be restored from the token: a restart registers anew
   */
  Optional<GroupSnapshot> of(
      MemberState state,
      @Nullable KeyPathBook book,
      @Nullable RekeySa rekeySa,
      DataPlane plane,
      DataInstaller fresh,
      Retirement retirement,
      long nowNanos) {
    if (book == null || rekeySa == null || rekeySa.keymat().isEmpty()) {
      return Optional.empty();
    }
    List<DataSaEntry> dataSas = new ArrayList<>();
    for (DataPlane.Entry sa : plane.entries()) {
      Bytes spi = sa.policy().id().spi();
      if (!replaced(spi, fresh)) {
        dataSas.add(existing(sa, rekeySa, plane, retirement.endNanos(sa), nowNanos));
      }
    }
    for (int i = 0; i < fresh.installs().size(); i++) {
      DataSaInstall install = fresh.installs().get(i);
      dataSas.add(
          new DataSaEntry(
              install.policy(),
              install.tunnel(),
              install.sender().isPresent(),
              install.firstFreeCounter(),
              install.received(),
              clock.toMillis(install.expiresNanos(), nowNanos),
              false,
              rekeySa.wrap(fresh.key(i))));
    }
    return Optional.of(
        new GroupSnapshot(
            clock.nowMillis(),
            state.registeredMillis(),
            state.rekeysApplied(),
            state.tree(),
            state.timing(),
            state.senderIds(),
            state.senderIdBits(),
            book,
            entry(rekeySa, nowNanos),
            dataSas));
  }

  private RekeySaEntry entry(RekeySa rekeySa, long nowNanos) {
    Optional<Bytes> authKey =
        rekeySa.opener().verifier() instanceof RekeyVerifier.BySignature signature
            ? Optional.of(signature.authKey())
            : Optional.empty();
    return new RekeySaEntry(
        rekeySa.policy(),
        authKey,
        rekeySa.opener().nextMessageId(),
        clock.toMillis(rekeySa.expiresNanos(), nowNanos),
        rekeySa.keymat());
  }

  private DataSaEntry existing(
      DataPlane.Entry sa, RekeySa rekeySa, DataPlane plane, long endNanos, long nowNanos) {
    try (SecretBytes key = plane.copyKey(sa.policy().id().spi())) {
      return new DataSaEntry(
          sa.policy(),
          sa.tunnel(),
          sa.sender(),
          sa.firstFreeCounter(),
          sa.received(),
          clock.toMillis(endNanos, nowNanos),
          sa.retiring() || endNanos < sa.endNanos(),
          rekeySa.wrap(key));
    }
  }

  private static boolean replaced(Bytes spi, DataInstaller fresh) {
    for (DataSaInstall install : fresh.installs()) {
      if (install.policy().id().spi().equals(spi)) {
        return true;
      }
    }
    return false;
  }
}
