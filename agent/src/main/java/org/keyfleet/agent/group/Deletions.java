package org.keyfleet.agent.group;

import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.protocol.gikev2.GroupDelete;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.ike.ProtocolId;

/**
 * What the Delete payloads of a rekey message mean for the SAs we have (RFC 9838 section 2.4.3).
 */
final class Deletions {
  private Deletions() {}

  /** The whole group SA goes, or we are excluded: only a registration helps. */
  static boolean endMembership(RekeyContent content) {
    for (GroupDelete delete : content.deletes()) {
      if (delete instanceof GroupDelete.WholeGroup || delete instanceof GroupDelete.Excluded) {
        return true;
      }
    }
    return false;
  }

  static boolean include(RekeyContent content, DataPlane.Entry sa) {
    for (GroupDelete delete : content.deletes()) {
      if (delete instanceof GroupDelete.AllDataSas
          || (delete instanceof GroupDelete.Sas sas && sas.ids().contains(sa.policy().id()))) {
        return true;
      }
    }
    return false;
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
