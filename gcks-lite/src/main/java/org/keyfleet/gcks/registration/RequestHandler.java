package org.keyfleet.gcks.registration;

import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.group.DefaultKwk;
import org.keyfleet.gcks.group.JoinRequest;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.NotifyPayload;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** What a verified request of an authenticated peer asks for. */
final class RequestHandler {
  private RequestHandler() {}

  /** What is to be done about a request. */
  sealed interface Verdict {
    /** Answer at once. */
    record Answer(List<Payload> payloads) implements Verdict {}

    /** Answer, and end the IKE SA. */
    record AnswerAndClose(List<Payload> payloads) implements Verdict {}

    /** Answer when the group has decided. */
    record Ask(String group, JoinRequest request) implements Verdict {}

    /** Answer, and take the member out of the group. */
    record Leave(String group) implements Verdict {}
  }

  /** A request inside an open IKE SA. */
  static Verdict handle(IkeSa sa, OpenedMessage request) throws MalformedMessageException {
    return switch (request.header().exchange()) {
      case GSA_REGISTRATION -> registration(sa, request.payloads());
      case INFORMATIONAL -> informational(request.payloads());
      case CREATE_CHILD_SA -> answer(new IkeFault.NoAdditionalSas());
      case IKE_SA_INIT,
          IKE_AUTH,
          GSA_AUTH,
          GSA_REKEY,
          GSA_INBAND_REKEY,
          IKE_SESSION_RESUME,
          IKE_INTERMEDIATE,
          IKE_FOLLOWUP_KE ->
          answer(new IkeFault.InvalidSyntax());
    };
  }

  /** The group that a GSA_AUTH or GSA_REGISTRATION names, and what the peer wants from it. */
  static Verdict ask(IkeSa sa, PayloadList payloads) throws MalformedMessageException {
    Optional<String> group = group(payloads);
    if (group.isEmpty()) {
      return answer(new IkeFault.InvalidGroupId());
    }
    AuthenticPeer peer = sa.peer.orElseThrow();
    if (sa.init.suite().keyWrap().isEmpty() || sa.gskW == null) {
      return answer(new IkeFault.NoProposalChosen());
    }
    Optional<NotifyPayload> notify = payloads.notify(NotifyType.GROUP_SENDER);
    Optional<GroupSender> sender =
        notify.isPresent() ? Optional.of(GroupSender.of(notify.get())) : Optional.empty();
    return new Verdict.Ask(
        group.get(),
        new JoinRequest(
            peer.identity(),
            peer.authentication(),
            peer.publicKeyInfo(),
            sender.isPresent(),
            sender.map(GroupSender::senderIds).orElse(0L),
            payloads.find(SaPayload.class),
            sa.init.keyfleetPeer(),
            sa.init.fragmentation(),
            sa.path.transport(),
            new DefaultKwk(sa.init.suite().keyWrap().get(), sa.gskW)));
  }

  private static Verdict registration(IkeSa sa, PayloadList payloads)
      throws MalformedMessageException {
    // RFC 9838 section 2.3.2: the member refuses the policy, or leaves
    if (payloads.hasNotify(NotifyType.NO_PROPOSAL_CHOSEN)
        || payloads.hasNotify(NotifyType.REGISTRATION_FAILED)) {
      Optional<String> group = group(payloads);
      return group.isEmpty()
          ? answer(new IkeFault.InvalidGroupId())
          : new Verdict.Leave(group.get());
    }
    return ask(sa, payloads);
  }

  private static Verdict informational(PayloadList payloads) {
    boolean closes =
        payloads.every(DeletePayload.class).stream().anyMatch(delete -> delete.is(ProtocolId.IKE));
    return closes ? new Verdict.AnswerAndClose(List.of()) : new Verdict.Answer(List.of());
  }

  private static Optional<String> group(PayloadList payloads) {
    return payloads
        .id(IdPayload.Kind.GROUP)
        .filter(id -> id.is(IdType.ID_KEY_ID) || id.is(IdType.ID_FQDN))
        .map(id -> id.data().utf8());
  }

  static Verdict answer(IkeFault fault) {
    return new Verdict.Answer(List.of(fault.toNotify()));
  }
}
