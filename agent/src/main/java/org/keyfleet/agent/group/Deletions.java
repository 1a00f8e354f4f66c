package org.keyfleet.agent.group;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupDelete;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.ike.ProtocolId;

/**
 * What the Delete payloads of a rekey message mean for the SAs we have (RFC 9838 section 2.4.3).
 */
final class Deletions {
  /** The data SAs that go. */
  private final Set<GroupSaId> ending;

  private Deletions(Set<GroupSaId> ending) {
    this.ending = ending;
  }

  /**
   * Which of the data SAs that we have a message ends: those it deletes; and, when it deletes one
   * that we never had, those that it would have replaced. The message that brought that SA, and
   * deleted ours, was lost.
   */
  static Deletions of(RekeyContent content, List<DataPlane.Entry> ours) {
    Set<GroupSaId> known = ours.stream().map(sa -> sa.policy().id()).collect(Collectors.toSet());
    Set<GroupSaId> ending = new HashSet<>();
    boolean missed = false;
    for (GroupDelete delete : content.deletes()) {
      if (delete instanceof GroupDelete.AllDataSas) {
        ending.addAll(known);
      } else if (delete instanceof GroupDelete.Sas sas) {
        ending.addAll(sas.ids());
        missed |= sas.ids().stream().anyMatch(id -> !id.isRekeySa() && !known.contains(id));
      }
    }
    List<DataSaPolicy> fresh =
        content.update().map(update -> update.policy().dataSas()).orElse(List.of());
    for (DataPlane.Entry sa : missed ? ours : List.<DataPlane.Entry>of()) {
      if (fresh.stream().anyMatch(next -> succeeds(next, sa.policy()))) {
        ending.add(sa.policy().id());
      }
    }
    return new Deletions(ending);
  }

  private static boolean succeeds(DataSaPolicy next, DataSaPolicy earlier) {
    return !next.id().equals(earlier.id())
        && next.source().equals(earlier.source())
        && next.destination().equals(earlier.destination())
        && next.cipher().equals(earlier.cipher())
        && next.sequenceNumbers() == earlier.sequenceNumbers();
  }

  /** The whole group SA goes, or we are excluded: only a registration helps. */
  static boolean endMembership(RekeyContent content) {
    for (GroupDelete delete : content.deletes()) {
      if (delete instanceof GroupDelete.WholeGroup || delete instanceof GroupDelete.Excluded) {
        return true;
      }
    }
    return false;
  }

  boolean include(DataPlane.Entry sa) {
    return ending.contains(sa.policy().id());
  }

  /** The only Rekey SA goes without a successor, which leaves nobody to listen to. */
  static boolean endRekeying(RekeyContent content, @Nullable RekeySa current, boolean replaced) {
    for (GroupDelete delete : content.deletes()) {
      if (delete instanceof GroupDelete.Sas sas
          && current != null
          && !replaced
          && sas.ids().get(0).protocol() == ProtocolId.GIKE_UPDATE
          && sas.ids().contains(current.policy().id())) {
        return true;
      }
    }
    return false;
  }
}
