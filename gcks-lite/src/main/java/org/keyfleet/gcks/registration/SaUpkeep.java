package org.keyfleet.gcks.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.group.DefaultKwk;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.GroupDelete;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.secret.SecretBytes;

/** What happens to IKE SAs without a message of the peer: news of its groups, and time. */
final class SaUpkeep {
  private static final System.Logger LOG = System.getLogger(SaUpkeep.class.getName());

  private final SaTable table;
  private final OwnRequests own;

  SaUpkeep(SaTable table, OwnRequests own) {
    this.table = table;
    this.own = own;
  }

  List<ResponderAction> memberGone(ResponderEvent.MemberGone gone, long nowNanos) {
    List<ResponderAction> actions = new ArrayList<>();
    for (IkeSa sa : table.of(gone.identity())) {
      if (sa.stands() && sa.groups.remove(gone.group())) {
        if (sa.kept) {
          List<Payload> farewell =
              List.of(
                  new GroupDelete.AllDataSas(ProtocolId.ESP).toPayload(),
                  new GroupDelete.Excluded().toPayload());
          actions.addAll(own.inbandRekey(sa, farewell, nowNanos));
        }
        if (sa.groups.isEmpty() && sa.phase == IkeSa.Phase.OPEN) {
          actions.addAll(own.delete(sa, nowNanos));
        }
      }
    }
    return actions;
  }

  List<ResponderAction> inbandRekey(ResponderEvent.InbandRekey rekey, long nowNanos) {
    List<ResponderAction> actions = new ArrayList<>();
    for (IkeSa sa : table.all()) {
      SecretBytes gskW = sa.gskW;
      if (!sa.stands() || !sa.groups.contains(rekey.group()) || gskW == null) {
        continue;
      }
      try {
        DefaultKwk kwk = new DefaultKwk(sa.init.suite().keyWrap().orElseThrow(), gskW);
        actions.addAll(own.inbandRekey(sa, rekey.payloads().under(kwk), nowNanos));
      } catch (CustodyException e) {
        LOG.log(System.Logger.Level.ERROR, "inband rekey failed: {0}", e.getMessage());
      }
    }
    return actions;
  }

  List<ResponderAction> tick(long nowNanos) {
    List<ResponderAction> actions = new ArrayList<>();
    for (IkeSa sa : table.all()) {
      boolean late = nowNanos - sa.deadlineNanos >= 0;
      switch (sa.phase) {
        case HALF_OPEN, CLOSED -> {
          if (late) {
            table.remove(sa);
          }
        }
        case OPEN, DECIDING -> actions.addAll(tick(sa, late, nowNanos));
      }
    }
    return actions;
  }

  private List<ResponderAction> tick(IkeSa sa, boolean late, long nowNanos) {
    if (sa.protection != null) {
      sa.protection.expire(nowNanos);
    }
    Optional<List<ResponderAction>> again = own.retransmit(sa, nowNanos);
    boolean deciding = sa.phase == IkeSa.Phase.DECIDING;
    if (again.isEmpty() || (deciding && late)) {
      // the peer does not answer, or has long stopped waiting for the answer
      table.remove(sa);
      return List.of();
    }
    List<ResponderAction> actions = new ArrayList<>(again.get());
    if (late && !(sa.kept && !sa.groups.isEmpty()) && !OwnRequests.ending(sa)) {
      actions.addAll(own.delete(sa, nowNanos));
    }
    return actions;
  }
}
