package org.keyfleet.agent.group;

import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.registration.FailureReason;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.agent.registration.Purpose;
import org.keyfleet.agent.registration.RegistrationAction;
import org.keyfleet.agent.registration.RegistrationEvent;
import org.keyfleet.agent.registration.RegistrationMachine;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * Does what the registration machine asks for: sends, signs, and tells the group of the results.
 */
final class RegistrationDriver implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final RegistrationMachine machine;
  private final GroupChannel channel;
  private final Signer signer;
  private final AgentClock clock;
  private final InsecureKeyObserver observer;
  private final Results results;
  private long startedNanos;

  /** What comes of registrations. */
  interface Results {
    void registered(RegistrationResult result);

    void inbandRekey(RegistrationAction.Rekeyed rekey);

    void left();

    void failed(FailureReason reason, String text);

    void closedByGcks();

    void tokenFailed();
  }

  RegistrationDriver(
      RegistrationMachine machine,
      GroupChannel channel,
      Signer signer,
      AgentClock clock,
      InsecureKeyObserver observer,
      Results results) {
    this.machine = machine;
    this.channel = channel;
    this.signer = signer;
    this.clock = clock;
    this.observer = observer;
    this.results = results;
  }

  void start(Purpose purpose) {
    startedNanos = clock.nowNanos();
    Optional<PathEnds> path = channel.path();
    Optional<String> unreachable = channel.unreachable();
    if (unreachable.isPresent()) {
      results.failed(FailureReason.NOT_REACHABLE, unreachable.get());
    } else {
      on(new RegistrationEvent.Start(purpose, path));
    }
  }

  /** An IKE message from the GCKS, without the non-ESP marker. */
  void received(Bytes message, Optional<PathEnds> path) {
    on(new RegistrationEvent.Received(message, path));
  }

  /** The policy of a registration cannot be followed: the GCKS is told. */
  void refuse(String why) {
    on(new RegistrationEvent.PolicyRefused(why));
  }

  /** A GSA_INBAND_REKEY is durable, or will never be applied: it is acknowledged. */
  void rekeyDone() {
    on(new RegistrationEvent.RekeyDone());
  }

  private void stop() {
    on(new RegistrationEvent.Stop());
  }

  void tick() {
    if (clock.nowNanos() >= machine.nextDeadlineNanos()) {
      on(new RegistrationEvent.Tick());
    }
  }

  long nextDeadlineNanos() {
    return machine.nextDeadlineNanos();
  }

  /** How long ago the last one started. */
  long tookMillis() {
    return (clock.nowNanos() - startedNanos) / NANOS_PER_MILLI;
  }

  private void on(RegistrationEvent event) {
    List<RegistrationAction> actions = machine.onEvent(event, clock.nowNanos());
    for (RegistrationAction action : actions) {
      perform(action);
    }
  }

  private void perform(RegistrationAction action) {
    if (action instanceof RegistrationAction.Send send) {
      channel.toGcks(send.datagrams(), send.natPort());
    } else if (action instanceof RegistrationAction.Sign sign) {
      sign(sign.octets());
    } else if (action instanceof RegistrationAction.Derived derived) {
      observer.ikeSa(derived.sa());
    } else if (action instanceof RegistrationAction.Registered registered) {
      results.registered(registered.result());
    } else if (action instanceof RegistrationAction.Rekeyed rekeyed) {
      results.inbandRekey(rekeyed);
    } else if (action instanceof RegistrationAction.Left) {
      stop();
      results.left();
    } else if (action instanceof RegistrationAction.Failed failed) {
      results.failed(failed.reason(), failed.text());
    } else if (action instanceof RegistrationAction.ClosedByGcks) {
      results.closedByGcks();
    }
  }

  private void sign(Bytes octets) {
    RegistrationEvent event;
    try {
      event = new RegistrationEvent.Signed(signer.sign(octets));
    } catch (SigningException e) {
      results.tokenFailed();
      event = new RegistrationEvent.NotSigned("the identity key does not sign");
    }
    on(event);
  }

  /** Wipes the keys of the IKE SA without a word to the GCKS. */
  @Override
  public void close() {
    machine.close();
  }
}
