package org.keyfleet.agent.group;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.data.DataArrival;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.journal.JournalException;
import org.keyfleet.agent.registration.FailureReason;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.agent.registration.Purpose;
import org.keyfleet.agent.registration.RegistrationAction;
import org.keyfleet.agent.registration.RegistrationEvent;
import org.keyfleet.agent.registration.RegistrationMachine;
import org.keyfleet.agent.registration.RegistrationProfile;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;

/**
 * One group, driven: ties the registration machine, the membership and the decisions about both to
 * a channel. One thread owns it and calls it with what arrives; it never blocks but for the token
 * and the journal.
 */
public final class GroupAgent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(GroupAgent.class.getName());

  /** Ours: an SA is renewed after 85 to 95 percent of its life. */
  private static final double SOFT_LIFE = 0.85;

  private static final double SOFT_LIFE_SPREAD = 0.10;

  private final String name;
  private final RegistrationMachine registration;
  private final GroupMachine machine;
  private final Membership membership;
  private final GroupChannel channel;
  private final Signer signer;
  private final AgentClock clock;
  private final InsecureKeyObserver observer;
  private final double softLife;

  private long startedNanos;
  private long registeredMillis = -1;
  private Optional<String> trouble = Optional.empty();
  private boolean tokenTrouble;
  private boolean rekeyWaits;

  /**
   * Whether the membership comes from the journal and nothing current was seen since: rekeys may
   * have been missed, or the journal may be an old copy of itself.
   */
  private boolean unconfirmed;

  /**
   * A group that is idle.
   *
   * @param signer the identity key; not used with a PSK
   */
  public GroupAgent(
      String name,
      RegistrationProfile profile,
      Membership membership,
      GroupChannel channel,
      Signer signer,
      SecureRandom random,
      AgentClock clock,
      InsecureKeyObserver observer) {
    this.name = name;
    this.registration = new RegistrationMachine(profile, random);
    this.machine = new GroupMachine(name, random);
    this.membership = membership;
    this.channel = channel;
    this.signer = signer;
    this.clock = clock;
    this.observer = observer;
    this.softLife = SOFT_LIFE + random.nextDouble() * SOFT_LIFE_SPREAD;
  }

  public String name() {
    return name;
  }

  public GroupState state() {
    return machine.state();
  }

  public Membership membership() {
    return membership;
  }

  /**
   * Takes up what the journal holds; registers when there is nothing good.
   *
   * @throws CustodyException when the token does not answer
   */
  public void start() throws CustodyException {
    long now = clock.nowNanos();
    try {
      if (membership.restore(now)) {
        listen();
        unconfirmed = true;
        decide(new GroupEvent.Restored(renewNanos()), now);
        return;
      }
    } catch (IOException | InstallException e) {
      LOG.log(Level.WARNING, "group " + name + ": " + e.getMessage() + "; registering anew");
    } catch (JournalException e) {
      LOG.log(
          Level.WARNING,
          "group " + name + ": " + e.reason() + ": " + e.getMessage() + "; registering anew");
    }
    membership.forget();
    decide(new GroupEvent.Join(), now);
  }

  public void join() {
    decide(new GroupEvent.Join(), clock.nowNanos());
  }

  public void leave() {
    decide(new GroupEvent.Leave(), clock.nowNanos());
  }

  /** An IKE message from the GCKS, without the non-ESP marker. */
  public void onRegistrationMessage(Bytes message, Optional<PathEnds> path) {
    perform(registration.onEvent(new RegistrationEvent.Received(message, path), now()));
  }

  /** A datagram on the rekey channel. */
  public void onRekeyDatagram(Bytes datagram) {
    rekeyed(membership.onRekeyDatagram(datagram, now()));
  }

  /** A packet on the data channel. */
  public void onDataPacket(Bytes packet) {
    DataArrival arrival = membership.data().open(packet, now());
    if (arrival instanceof DataArrival.Deliver deliver) {
      channel.deliver(deliver.payload());
    } else if (arrival instanceof DataArrival.UnknownSpi unknown
        && (unconfirmed || membership.hintsAtLostRekey(unknown.spi()))) {
      decide(new GroupEvent.LostRekey(), now());
    }
  }

  /**
   * A datagram of an application, to be protected and sent.
   *
   * @return false when there is no SA to send it with, or no way to send
   */
  public boolean send(Bytes payload, int sourcePort) {
    DataPlane plane = membership.data();
    Optional<Bytes> destination = plane.destination();
    if (destination.isEmpty()) {
      return false;
    }
    Optional<DataPlane.Outbound> packet =
        plane.seal(payload, sourcePort, channel.sourceAddress(destination.get()), now());
    if (packet.isPresent()) {
      return channel.sendData(packet.get().packet(), packet.get().address());
    }
    if (plane.exhausted()) {
      decide(new GroupEvent.NeedsRegistration(), now());
    }
    return false;
  }

  /** Does what is due. */
  public void tick() {
    long now = now();
    membership.onTimer(now);
    if (now >= registration.nextDeadlineNanos()) {
      perform(registration.onEvent(new RegistrationEvent.Tick(), now));
    }
    decide(new GroupEvent.Tick(membership.active()), now);
  }

  /** When {@link #tick} is due next. */
  public long nextDeadlineNanos() {
    return Math.min(
        membership.nextEndNanos(),
        Math.min(registration.nextDeadlineNanos(), machine.nextDeadlineNanos()));
  }

  /** Whether the token failed us since the last {@link #tokenRecovered}. */
  public boolean tokenTrouble() {
    return tokenTrouble;
  }

  /** The token answers again: its session objects are new, what waited goes on. */
  public void tokenRecovered() throws CustodyException {
    membership.tokenRecovered();
    tokenTrouble = false;
    if (rekeyWaits) {
      rekeyed(membership.retry(now()));
    }
  }

  /** The token answers and did so all along: what waited for another reason is tried again. */
  public void tokenAnswers() {
    tokenTrouble = false;
    if (rekeyWaits) {
      rekeyed(membership.retry(now()));
    }
  }

  /** A fault of ours ended what we were doing: what we hold may miss something. */
  public void fault() {
    decide(new GroupEvent.NeedsRegistration(), now());
  }

  /** What {@code status} tells. */
  public GroupStatus status() {
    return new GroupStatus(
        name, machine.state().word(), trouble, registeredMillis, membership.status());
  }

  private void decide(GroupEvent event, long now) {
    for (GroupAction action : machine.onEvent(event, now)) {
      switch (action) {
        case REGISTER -> register(Purpose.REGISTER, now);
        case SAY_GOODBYE -> register(Purpose.LEAVE, now);
        case FORGET -> {
          membership.forget();
          channel.hearNothing();
        }
      }
    }
  }

  private void register(Purpose purpose, long now) {
    startedNanos = now;
    Optional<PathEnds> path = channel.path();
    Optional<String> unreachable = channel.unreachable();
    if (unreachable.isPresent()) {
      perform(new RegistrationAction.Failed(FailureReason.NOT_REACHABLE, unreachable.get()));
      return;
    }
    perform(registration.onEvent(new RegistrationEvent.Start(purpose, path), now));
  }

  private void perform(List<RegistrationAction> actions) {
    for (RegistrationAction action : actions) {
      perform(action);
    }
  }

  private void perform(RegistrationAction action) {
    long now = now();
    if (action instanceof RegistrationAction.Send send) {
      channel.toGcks(send.datagrams(), send.natPort());
    } else if (action instanceof RegistrationAction.Sign sign) {
      sign(sign.octets());
    } else if (action instanceof RegistrationAction.Derived derived) {
      observer.ikeSa(derived.sa());
    } else if (action instanceof RegistrationAction.Registered registered) {
      install(registered, now);
    } else if (action instanceof RegistrationAction.Rekeyed rekeyed) {
      inbandRekey(rekeyed, now);
    } else if (action instanceof RegistrationAction.Left) {
      perform(registration.onEvent(new RegistrationEvent.Stop(), now));
      decide(new GroupEvent.Left(), now);
    } else if (action instanceof RegistrationAction.Failed failed) {
      trouble = Optional.of(failed.text());
      LOG.log(Level.WARNING, "group " + name + ": " + failed.text());
      decide(new GroupEvent.Failed(failed.reason()), now);
    } else if (action instanceof RegistrationAction.ClosedByGcks && !membership.hasRekeySa()) {
      // RFC 9838 section 2.3.3: "the GM MUST consider itself excluded from the group"
      decide(new GroupEvent.ExcludedNow(), now);
    }
  }

  private void sign(Bytes octets) {
    RegistrationEvent event;
    try {
      event = new RegistrationEvent.Signed(signer.sign(octets));
    } catch (SigningException e) {
      tokenTrouble = true;
      event = new RegistrationEvent.NotSigned("the identity key does not sign");
    }
    perform(registration.onEvent(event, now()));
  }

  private void install(RegistrationAction.Registered registered, long now) {
    try {
      membership.install(registered.result(), now);
      trouble = Optional.empty();
      unconfirmed = false;
      registeredMillis = (now() - startedNanos) / 1_000_000;
      listen();
      decide(new GroupEvent.Registered(renewNanos()), now);
    } catch (InstallException e) {
      String text = String.valueOf(e.getMessage());
      trouble = Optional.of(text);
      tokenTrouble |= e.kind() == InstallException.Kind.TOKEN_GONE;
      if (e.kind() == InstallException.Kind.POLICY) {
        perform(registration.onEvent(new RegistrationEvent.PolicyRefused(text), now));
      } else {
        LOG.log(Level.WARNING, "group " + name + ": " + text);
        decide(new GroupEvent.Failed(FailureReason.TOKEN), now);
      }
    }
  }

  private void inbandRekey(RegistrationAction.Rekeyed rekey, long now) {
    RekeyOutcome outcome =
        membership.onInbandRekey(rekey.content(), rekey.keyWrap(), rekey.gskW(), now);
    if (outcome.kind() != RekeyOutcome.Kind.WAITING) {
      // durable, or never to be applied: the GCKS need not send it again
      perform(registration.onEvent(new RegistrationEvent.RekeyDone(), now));
    }
    rekeyed(outcome);
  }

  private void rekeyed(RekeyOutcome outcome) {
    long now = now();
    switch (outcome.kind()) {
      case APPLIED -> {
        rekeyWaits = false;
        unconfirmed = false;
        listen();
        decide(new GroupEvent.Rekeyed(renewNanos()), now);
      }
      case LOST_REKEY -> decide(new GroupEvent.LostRekey(), now);
      case EXCLUDED, DELETED -> {
        trouble = Optional.of(outcome.detail());
        LOG.log(Level.WARNING, "group " + name + ": " + outcome.detail());
        decide(new GroupEvent.ExcludedNow(), now);
      }
      case REGISTER_ANEW -> {
        LOG.log(Level.WARNING, "group " + name + ": " + outcome.detail());
        decide(new GroupEvent.NeedsRegistration(), now);
      }
      case WAITING -> {
        LOG.log(Level.WARNING, "group " + name + ": " + outcome.detail());
        rekeyWaits = true;
        tokenTrouble = true;
      }
      case UNKNOWN_SA -> {
        if (unconfirmed) {
          decide(new GroupEvent.LostRekey(), now);
        }
      }
      case STALE -> rekeyWaits = false;
      case INCOMPLETE, IGNORED -> {}
    }
  }

  private void listen() {
    if (membership.rekeyPolicy().isPresent()) {
      channel.hearRekeys(membership.rekeyPolicy().get());
    }
    for (DataPlane.Entry sa : membership.data().entries()) {
      channel.hearData(sa.policy());
    }
  }

  private long renewNanos() {
    return membership.soonestSoftEndNanos(softLife);
  }

  private long now() {
    return clock.nowNanos();
  }

  /** Wipes host memory; the journal and the token keep the membership. */
  @Override
  public void close() {
    registration.close();
    membership.close();
  }
}
