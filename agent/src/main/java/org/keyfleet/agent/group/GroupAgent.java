package org.keyfleet.agent.group;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.agent.data.DataArrival;
import org.keyfleet.agent.data.DataPlane;
import org.keyfleet.agent.journal.JournalException;
import org.keyfleet.agent.registration.FailureReason;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.agent.registration.Purpose;
import org.keyfleet.agent.registration.RegistrationAction;
import org.keyfleet.agent.registration.RegistrationMachine;
import org.keyfleet.agent.registration.RegistrationProfile;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.Signer;

/**
 * One group, driven: ties registration, membership and the decisions about both to a channel. One
 * thread owns it and calls it with what arrives; it never blocks but for the token and the journal.
 */
public final class GroupAgent implements AutoCloseable {
  private final String name;
  private final RegistrationDriver registration;
  private final GroupMachine machine;
  private final Membership membership;
  private final RekeyFollower follower;
  private final GroupChannel channel;
  private final AgentClock clock;
  private final Trouble trouble;
  private long registeredMillis = -1;
  private boolean startWaits;

  /**
   * A group that is idle.
   *
   * @param spreadNanos over what time the group's members register when all of them must
   * @param signer the identity key; not used with a PSK
   */
  public GroupAgent(
      String name,
      RegistrationProfile profile,
      long spreadNanos,
      Membership membership,
      GroupChannel channel,
      Signer signer,
      SecureRandom random,
      AgentClock clock,
      InsecureKeyObserver observer) {
    this.name = name;
    this.membership = membership;
    this.channel = channel;
    this.clock = clock;
    this.trouble = new Trouble(name);
    this.machine = new GroupMachine(name, spreadNanos, random);
    this.follower = new RekeyFollower(membership, channel, clock, random, trouble, this::decide);
    this.registration =
        new RegistrationDriver(
            new RegistrationMachine(profile, random),
            channel,
            signer,
            clock,
            observer,
            new Results());
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
   * Takes up what the journal holds; registers when there is nothing good. Without an answer of the
   * token that waits for {@link #tokenRecovered}.
   */
  public void start() {
    startWaits = false;
    try {
      if (membership.restore(clock.nowNanos())) {
        trouble.applied();
        follower.listen();
        follower.doubtUntilConfirmed();
        decide(new GroupEvent.Restored(follower.renewNanos()));
        if (membership.data().sendingHeld()) {
          decide(new GroupEvent.NeedsRegistration());
        }
        return;
      }
    } catch (CustodyException e) {
      if (waitsForToken(e)) {
        startWaits = true;
        return;
      }
      trouble.warn(e.getMessage() + "; registering anew");
    } catch (IOException | InstallException e) {
      trouble.warn(e.getMessage() + "; registering anew");
    } catch (JournalException e) {
      trouble.warn(e.reason() + ": " + e.getMessage() + "; registering anew");
    }
    membership.forget();
    decide(new GroupEvent.Join());
  }

  private boolean waitsForToken(CustodyException e) {
    if (e.fault() == CustodyFault.TOKEN_FULL) {
      trouble.tokenFull(String.valueOf(e.getMessage()));
    } else if (e.fault() == CustodyFault.TOKEN_GONE) {
      trouble.warn(String.valueOf(e.getMessage()));
    } else {
      return false;
    }
    trouble.tokenFailed();
    return true;
  }

  /**
   * Whether {@link Membership#persistentKeys} is all that this group has in the token: not before
   * its journal was read.
   */
  public boolean knowsItsKeys() {
    return !startWaits;
  }

  /** Forgets everything and registers. */
  private void startOver() {
    registration.close();
    membership.forget();
    channel.hearNothing();
    decide(new GroupEvent.StartOver());
  }

  public void join() {
    decide(new GroupEvent.Join());
  }

  public void leave() {
    decide(new GroupEvent.Leave());
  }

  /** A fault of ours ended what we were doing: what we hold may miss something. */
  public void fault() {
    registration.close();
    decide(new GroupEvent.Failed(FailureReason.PROTOCOL));
    decide(new GroupEvent.NeedsRegistration());
  }

  /** An IKE message from the GCKS, without the non-ESP marker. */
  public void onRegistrationMessage(Bytes message, Optional<PathEnds> path) {
    registration.received(message, path);
  }

  /** A datagram on the rekey channel. */
  public void onRekeyDatagram(Bytes datagram) {
    follower.onRekeyDatagram(datagram);
  }

  /** A packet on the data channel. */
  public void onDataPacket(Bytes packet) {
    DataArrival arrival = membership.data().open(packet, clock.nowNanos());
    if (arrival instanceof DataArrival.Deliver deliver) {
      follower.authenticData();
      channel.deliver(deliver.payload());
    } else if (arrival instanceof DataArrival.UnknownSpi unknown) {
      follower.unknown(GroupSaId.esp(unknown.spi()));
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
    Bytes source = channel.sourceAddress(destination.get());
    Optional<DataPlane.Outbound> packet = plane.seal(payload, sourcePort, source, clock.nowNanos());
    if (packet.isPresent()) {
      return channel.sendData(packet.get().packet(), packet.get().address());
    }
    if (plane.exhausted()) {
      decide(new GroupEvent.NeedsRegistration());
    }
    return false;
  }

  /** Does what is due. */
  public void tick() {
    membership.onTimer(clock.nowNanos());
    follower.tick();
    registration.tick();
    decide(new GroupEvent.Tick(membership.active()));
  }

  /** When {@link #tick} is due next. */
  public long nextDeadlineNanos() {
    return Math.min(
        Math.min(membership.nextEndNanos(), follower.nextDeadlineNanos()),
        Math.min(registration.nextDeadlineNanos(), machine.nextDeadlineNanos()));
  }

  /** Whether the token failed us since the last {@link #tokenRecovered}. */
  public boolean tokenTrouble() {
    return trouble.withToken();
  }

  /** What the token has no room for, if it is full. */
  public Optional<String> tokenFull() {
    return trouble.full();
  }

  /**
   * The token answers again: its session objects are new, what waited goes on.
   *
   * @throws CustodyException when it is gone once more
   */
  public void tokenRecovered() throws CustodyException {
    trouble.tokenRecovered();
    if (startWaits) {
      start();
      return;
    }
    try {
      membership.tokenRecovered();
    } catch (CustodyException e) {
      if (e.fault() == CustodyFault.TOKEN_GONE) {
        trouble.tokenFailed();
        throw e;
      }
      trouble.warn("the token is not the one it was: " + e.getMessage() + "; registering anew");
      startOver();
      return;
    }
    if (trouble.failure().equals(Optional.of(FailureReason.TOKEN))) {
      decide(new GroupEvent.TokenIsBack());
    }
    follower.retry();
  }

  /** The token answers and did so all along: what waited for another reason is tried again. */
  public void tokenAnswers() {
    trouble.tokenRecovered();
    if (startWaits) {
      start();
      return;
    }
    follower.retry();
  }

  /** What {@code status} tells. */
  public GroupStatus status() {
    return new GroupStatus(
        name,
        machine.state().word(),
        trouble.text(),
        trouble.failure(),
        registeredMillis,
        membership.status());
  }

  private void decide(GroupEvent event) {
    for (GroupAction action : machine.onEvent(event, clock.nowNanos())) {
      switch (action) {
        case REGISTER -> registration.start(Purpose.REGISTER);
        case SAY_GOODBYE -> registration.start(Purpose.LEAVE);
        case FORGET -> {
          membership.forget();
          channel.hearNothing();
        }
      }
    }
  }

  /** Wipes host memory; the journal and the token keep the membership. */
  @Override
  public void close() {
    registration.close();
    membership.close();
  }

  private final class Results implements RegistrationDriver.Results {
    @Override
    public void registered(RegistrationResult result) {
      Set<GroupSaId> before = follower.saIds();
      try {
        membership.install(result, clock.nowNanos());
      } catch (InstallException e) {
        notInstalled(e);
        return;
      }
      trouble.over();
      registeredMillis = registration.tookMillis();
      follower.registered(before);
      decide(new GroupEvent.Registered(follower.renewNanos()));
    }

    private void notInstalled(InstallException e) {
      String text = String.valueOf(e.getMessage());
      if (e.kind() == InstallException.Kind.TOKEN_GONE) {
        trouble.tokenFailed();
      } else if (e.kind() == InstallException.Kind.TOKEN_FULL) {
        trouble.tokenFull(text);
      }
      trouble.note(text, FailureReason.TOKEN);
      if (e.kind() == InstallException.Kind.POLICY) {
        registration.refuse(text);
      } else {
        decide(new GroupEvent.Failed(FailureReason.TOKEN));
      }
    }

    @Override
    public void inbandRekey(RegistrationAction.Rekeyed rekey) {
      RekeyOutcome outcome =
          membership.onInbandRekey(
              rekey.content(), rekey.keyWrap(), rekey.gskW(), clock.nowNanos());
      // durable, or never to be applied: the GCKS need not send it again
      registration.rekeyDone();
      follower.follow(outcome);
    }

    @Override
    public void left() {
      decide(new GroupEvent.Left());
    }

    @Override
    public void failed(FailureReason reason, String text) {
      trouble.note(text, reason);
      decide(new GroupEvent.Failed(reason));
    }

    @Override
    public void closedByGcks() {
      if (!membership.hasRekeySa()) {
        // RFC 9838 section 2.3.3: "the GM MUST consider itself excluded from the group"
        decide(new GroupEvent.ExcludedNow());
      }
    }

    @Override
    public void tokenFailed() {
      trouble.tokenFailed();
    }
  }
}
