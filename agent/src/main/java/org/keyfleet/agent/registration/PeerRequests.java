package org.keyfleet.agent.registration;

import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.MessageContext;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.IkeFault;
import org.keyfleet.protocol.ike.IkeHeader;
import org.keyfleet.protocol.ike.OpenedMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.SealedMessage;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** Requests of the GCKS inside an IKE SA: inband rekey, liveness, deletion. */
final class PeerRequests {
  private final int maxDatagramOctets;

  /** First or only datagram of the request at hand, and of the one answered last. */
  private Bytes atHand = Bytes.EMPTY;

  private Bytes answered = Bytes.EMPTY;

  PeerRequests(int maxDatagramOctets) {
    this.maxDatagramOctets = maxDatagramOctets;
  }

  record Outcome(List<RegistrationAction> actions, boolean closed) {
    static final Outcome NOTHING = new Outcome(List.of(), false);
  }

  static List<Payload> deleteIkeSa() {
    return List.of(DeletePayload.ikeSa());
  }

  Outcome received(IkeSa sa, SealedMessage message, long nowNanos) throws NotAuthenticException {
    IkeHeader header = message.header();
    if (sa.isRepeatedRequest(header)) {
      // RFC 7296 section 2.1: a repetition is "bitwise identical"; of fragments the first counts
      return message.octets().equals(answered)
          ? new Outcome(
              List.of(new RegistrationAction.Send(sa.lastResponse(), sa.natPort())), false)
          : Outcome.NOTHING;
    }
    if (!sa.isNextRequest(header) || sa.isDeferring() || !sa.wants(message, nowNanos)) {
      return Outcome.NOTHING;
    }
    Optional<OpenedMessage> opened;
    try {
      opened = sa.open(message, nowNanos);
    } catch (MalformedMessageException e) {
      // section 2.21.3: an authentic request with an error is answered with a notify
      atHand = message.octets();
      return respond(sa, header, List.of(IkeFault.of(e).toNotify()), false);
    }
    if (message.triggersRetransmission()) {
      atHand = message.octets();
    }
    return opened.isEmpty() ? Outcome.NOTHING : carryOut(sa, header, opened.get().payloads());
  }

  private Outcome carryOut(IkeSa sa, IkeHeader header, PayloadList payloads) {
    return switch (header.exchange()) {
      case INFORMATIONAL -> informational(sa, header, payloads);
      case GSA_INBAND_REKEY -> rekey(sa, header, payloads);
      // RFC 7296 section 1.3: we make no Child SAs and do not rekey the IKE SA
      case CREATE_CHILD_SA ->
          respond(sa, header, List.of(new IkeFault.NoAdditionalSas().toNotify()), false);
      case IKE_SA_INIT,
          IKE_AUTH,
          IKE_SESSION_RESUME,
          GSA_AUTH,
          GSA_REGISTRATION,
          GSA_REKEY,
          IKE_INTERMEDIATE,
          IKE_FOLLOWUP_KE ->
          respond(sa, header, List.of(new IkeFault.InvalidSyntax().toNotify()), false);
    };
  }

  private Outcome informational(IkeSa sa, IkeHeader header, PayloadList payloads) {
    boolean closes = false;
    for (DeletePayload delete : payloads.every(DeletePayload.class)) {
      closes |= delete.is(ProtocolId.IKE);
    }
    return respond(sa, header, List.of(), closes);
  }

  private Outcome rekey(IkeSa sa, IkeHeader header, PayloadList payloads) {
    Optional<KeyWrap> keyWrap = sa.suite().keyWrap();
    try {
      RekeyContent content = RekeyContent.of(payloads, MessageContext.INBAND_REKEY);
      if (keyWrap.isEmpty()) {
        return respond(sa, header, List.of(new IkeFault.InvalidSyntax().toNotify()), false);
      }
      sa.defer(header);
      return new Outcome(
          List.of(
              new RegistrationAction.Rekeyed(
                  content, keyWrap.get(), sa.keys().gskW(keyWrap.get()))),
          false);
    } catch (MalformedMessageException | NotAllowedHereException e) {
      return respond(sa, header, List.of(new IkeFault.InvalidSyntax().toNotify()), false);
    }
  }

  /** RFC 9838 section 2.4.2: the answer to GSA_INBAND_REKEY is empty. */
  List<RegistrationAction> acknowledge(IkeSa sa) {
    Optional<IkeHeader> request = sa.takeDeferred();
    return request.isEmpty() ? List.of() : respond(sa, request.get(), List.of(), false).actions();
  }

  private Outcome respond(IkeSa sa, IkeHeader request, List<Payload> payloads, boolean closed) {
    answered = atHand;
    return new Outcome(
        List.of(
            new RegistrationAction.Send(
                sa.respond(request, payloads, maxDatagramOctets), sa.natPort())),
        closed);
  }
}
