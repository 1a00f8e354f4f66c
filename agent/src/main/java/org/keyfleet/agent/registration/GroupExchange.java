package org.keyfleet.agent.registration;

import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.AuthExchange.RefusedException;
import org.keyfleet.agent.registration.RegistrationState.AwaitGroup;
import org.keyfleet.agent.registration.RegistrationState.Established;
import org.keyfleet.agent.registration.RegistrationState.Failure;
import org.keyfleet.agent.registration.RegistrationState.GroupRequest;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.ike.PayloadList;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** What concerns the group, on an IKE SA whose GCKS is authenticated (RFC 9838 section 2.3.2). */
final class GroupExchange {
  /** RFC 9838 figure 8. */
  private static final NotifyType LEAVING = NotifyType.REGISTRATION_FAILED;

  private final Progress progress;
  private final Requests requests;
  private final AuthExchange auth;

  GroupExchange(Progress progress, Requests requests, AuthExchange auth) {
    this.progress = progress;
    this.requests = requests;
    this.auth = auth;
  }

  /** Registers or leaves on an IKE SA that stood before. */
  void ask(IkeSa sa, RegistrationEvent.Start start, long nowNanos) {
    boolean leave = start.purpose() == Purpose.LEAVE;
    List<Payload> payloads = leave ? auth.groupNotice(LEAVING) : auth.groupRequest();
    to(
        sa,
        leave ? GroupRequest.LEAVE : GroupRequest.REGISTER,
        requests.onStanding(sa, ExchangeType.GSA_REGISTRATION, payloads, nowNanos),
        Optional.of(start));
  }

  /** Leaves on an IKE SA that was made for it. */
  void leave(IkeSa sa, long nowNanos) {
    notice(sa, GroupRequest.LEAVE, LEAVING, nowNanos);
  }

  /** RFC 9838 section 2.3.1: the member "SHOULD inform the GCKS". */
  void refuse(IkeSa sa, String why, long nowNanos) {
    progress.add(
        new RegistrationAction.Failed(
            FailureReason.POLICY, "the group's policy cannot be followed: " + why));
    notice(sa, GroupRequest.REFUSE, NotifyType.NO_PROPOSAL_CHOSEN, nowNanos);
  }

  private void notice(IkeSa sa, GroupRequest kind, NotifyType why, long nowNanos) {
    List<Payload> payloads = auth.groupNotice(why);
    to(
        sa,
        kind,
        requests.onNew(sa, ExchangeType.GSA_REGISTRATION, payloads, nowNanos),
        Optional.empty());
  }

  private void to(
      IkeSa sa, GroupRequest kind, Outstanding request, Optional<RegistrationEvent.Start> origin) {
    progress.to(new AwaitGroup(sa, kind, request, origin), "GSA_REGISTRATION sent");
  }

  /** The answer to a GSA_REGISTRATION; the state is {@link Established} again. */
  void answered(IkeSa sa, GroupRequest kind, PayloadList payloads, long nowNanos) {
    switch (kind) {
      case REGISTER -> registered(sa, payloads, nowNanos);
      case LEAVE -> progress.add(new RegistrationAction.Left());
      case REFUSE -> {
        requests.goodbye(sa);
        progress.end("the refusal arrived");
      }
    }
  }

  /** What GSA_AUTH or GSA_REGISTRATION brought. */
  void registered(IkeSa sa, PayloadList payloads, long nowNanos) {
    try {
      progress.add(new RegistrationAction.Registered(auth.result(sa, payloads)));
    } catch (RefusedException e) {
      // the IKE SA stands, the GCKS refuses the group alone
      progress.add(new RegistrationAction.Failed(e.failure().reason(), e.failure().text()));
    } catch (NotAllowedHereException | MalformedMessageException e) {
      refuse(sa, String.valueOf(e.getMessage()), nowNanos);
    }
  }

  /**
   * Nothing came back.
   *
   * @return what is to be begun anew, on an IKE SA of its own
   */
  Optional<RegistrationEvent.Start> unanswered(AwaitGroup waiting, Failure failure) {
    if (waiting.kind() == GroupRequest.REFUSE) {
      progress.end("the refusal is not answered"); // why we refuse was said before
    } else if (waiting.origin().isEmpty()) {
      progress.fail(failure);
    }
    return waiting.origin();
  }

  /**
   * The GCKS closed the IKE SA.
   *
   * @return a request of ours that the closing overtook, to be made again on an IKE SA of its own
   */
  Optional<RegistrationEvent.Start> closed(IkeSa sa) {
    RegistrationState before = progress.state();
    progress.end("closed by the GCKS");
    if (before instanceof AwaitGroup waiting && waiting.kind() != GroupRequest.REFUSE) {
      InitAttempt made = sa.attempt();
      return waiting
          .origin()
          .or(() -> Optional.of(new RegistrationEvent.Start(made.purpose(), made.path())));
    }
    progress.add(new RegistrationAction.ClosedByGcks());
    return Optional.empty();
  }
}
