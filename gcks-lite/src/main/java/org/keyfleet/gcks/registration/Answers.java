package org.keyfleet.gcks.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.group.JoinOutcome;
import org.keyfleet.gcks.registration.RequestHandler.Verdict;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.SkProtection;

/** Answers authentic requests: at once, or when the group has decided. */
final class Answers {
  private final ResponderLimits limits;
  private final SaTable table;

  Answers(ResponderLimits limits, SaTable table) {
    this.limits = limits;
    this.table = table;
  }

  /**
   * Does what a request asks for.
   *
   * @param first payloads before the answer: IDr, CERT and AUTH in GSA_AUTH
   */
  List<ResponderAction> carryOut(
      IkeSa sa, IkeHeader request, List<Payload> first, Verdict verdict, long nowNanos) {
    if (verdict instanceof Verdict.Ask ask) {
      sa.phase = IkeSa.Phase.DECIDING;
      sa.deadlineNanos = nowNanos + ResponderLimits.DECIDING_NANOS;
      sa.pending = new IkeSa.PendingAnswer(request, first, ask.group());
      return List.of(new ResponderAction.Join(sa.responderSpi, ask.group(), ask.request()));
    }
    if (verdict instanceof Verdict.Leave leave) {
      List<ResponderAction> actions = new ArrayList<>();
      sa.groups.remove(leave.group());
      actions.add(
          new ResponderAction.Leave(leave.group(), sa.peer.orElseThrow().identity().text()));
      actions.addAll(finish(sa, request, first));
      return actions;
    }
    if (verdict instanceof Verdict.AnswerAndClose close) {
      List<ResponderAction> actions = finish(sa, request, close.payloads());
      end(sa, nowNanos);
      return actions;
    }
    List<Payload> all = new ArrayList<>(first);
    if (verdict instanceof Verdict.Answer answer) {
      all.addAll(answer.payloads());
    }
    return finish(sa, request, all);
  }

  List<ResponderAction> decided(ResponderEvent.Decided decided, long nowNanos) {
    Optional<IkeSa> found = table.find(decided.sa());
    IkeSa.PendingAnswer pending = found.isPresent() ? found.get().pending : null;
    if (found.isEmpty() || pending == null) {
      return List.of();
    }
    IkeSa sa = found.get();
    sa.pending = null;
    sa.phase = IkeSa.Phase.OPEN;
    sa.deadlineNanos = nowNanos + limits.lingerNanos();
    List<Payload> all = new ArrayList<>(pending.first());
    if (decided.outcome() instanceof JoinOutcome.Granted granted) {
      all.add(granted.gsa());
      all.add(granted.kd());
      sa.groups.add(pending.group());
      sa.kept |= granted.keepIkeSa();
    } else if (decided.outcome() instanceof JoinOutcome.Refused refused) {
      all.add(NotifyPayload.of(refused.reason()));
    }
    return finish(sa, pending.request(), all);
  }

  List<ResponderAction> finish(IkeSa sa, IkeHeader request, List<Payload> payloads) {
    SkProtection protection = sa.protection;
    if (protection == null) {
      throw new IllegalStateException("an answer without keys");
    }
    sa.lastResponse =
        protection.seal(request.answer(sa.responderSpi), payloads, limits.fragmentOctets());
    sa.lastRequest = sa.firstFragment;
    sa.expectedId = request.messageId() + 1;
    return List.of(new ResponderAction.Send(sa.path, sa.lastResponse));
  }

  /** An authentic request that is wrong: tell why, and while nobody is authenticated end the SA. */
  List<ResponderAction> fault(IkeSa sa, IkeHeader request, IkeFault fault, long nowNanos) {
    List<ResponderAction> actions = finish(sa, request, List.of(fault.toNotify()));
    if (sa.phase == IkeSa.Phase.HALF_OPEN) {
      end(sa, nowNanos);
    }
    return actions;
  }

  private void end(IkeSa sa, long nowNanos) {
    table.leaveHalfOpen(sa);
    sa.close();
    sa.deadlineNanos = nowNanos + ResponderLimits.CLOSED_NANOS;
  }
}
