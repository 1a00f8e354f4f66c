package org.keyfleet.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.keyfleet.protocol.ike.ClearMessage;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.ExchangeType;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.OutboundMessage;
import org.keyfleet.protocol.ike.Payload;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.suite.SignatureScheme;

/**
 * Plays a peer that sends anything, and an owner that may say anything at any time. The machine may
 * refuse, fail or believe it; it must not throw, and what it claims must hold.
 */
final class AnyPeer {
  private static final int MAX_EVENTS = 200;

  private final Choices choices;
  private final AnyPayloads payloads;
  private final SecureRandom random;
  private final RegistrationMachine machine;
  private final List<Bytes> sent = new ArrayList<>(List.of(Bytes.EMPTY));
  private ScriptedGcks gcks;
  private Optional<ClearMessage> request = Optional.empty();
  private boolean agreed;
  private long nowNanos = 1;

  /** The kinds of state that events met. */
  final Set<Kind> met = EnumSet.noneOf(Kind.class);

  /** The kinds of action that came of them. */
  final Set<Class<?>> done = new HashSet<>();

  enum Kind {
    IDLE,
    AWAIT_INIT,
    AWAIT_SIGNATURE,
    AWAIT_AUTH,
    ESTABLISHED,
    AWAIT_GROUP
  }

  AnyPeer(Choices choices, byte[] seed) {
    this.choices = choices;
    this.payloads = new AnyPayloads(choices);
    this.random = seeded(seed);
    this.gcks = new ScriptedGcks(random);
    MemberCredential credential =
        choices.oneIn(3)
            ? new MemberCredential.Certificate(
                new CertificateChain(List.of(Bytes.of(1, 2, 3))), SignatureScheme.ED25519)
            : new MemberCredential.Psk(MachineFixture.PSK);
    this.machine = new RegistrationMachine(MachineFixture.profile(credential), random);
  }

  void play() throws Exception {
    for (int events = 0; events < MAX_EVENTS && choices.more(); events++) {
      met.add(kind(machine.state()));
      perform(machine.onEvent(event(), nowNanos));
      boolean idle = machine.state() instanceof RegistrationState.Idle;
      assertTrue(!idle || machine.nextDeadlineNanos() == Long.MAX_VALUE);
    }
    machine.onEvent(new RegistrationEvent.Stop(), nowNanos);
    assertEquals(Kind.IDLE, kind(machine.state()));
    machine.close();
  }

  private RegistrationEvent event() throws Exception {
    if (machine.state() instanceof RegistrationState.AwaitSignature && choices.oneIn(2)) {
      return new RegistrationEvent.Signed(choices.octets(64));
    }
    return switch (choices.below(16)) {
      case 0, 1 -> start();
      case 2 -> choices.oneIn(8) ? new RegistrationEvent.Stop() : new RegistrationEvent.Tick();
      case 3 -> tick();
      case 4 -> new RegistrationEvent.RekeyDone();
      case 5 ->
          choices.oneIn(4)
              ? new RegistrationEvent.PolicyRefused("no")
              : new RegistrationEvent.Signed(choices.octets(64));
      case 6 -> choices.oneIn(4) ? new RegistrationEvent.NotSigned("no") : tick();
      default -> new RegistrationEvent.Received(message(), path());
    };
  }

  private RegistrationEvent start() {
    boolean standing = machine.state() instanceof RegistrationState.Established;
    boolean busy = !standing && !(machine.state() instanceof RegistrationState.Idle);
    return busy && !choices.oneIn(8)
        ? new RegistrationEvent.Tick()
        : new RegistrationEvent.Start(Choices.any(choices, Purpose.values()), path());
  }

  private RegistrationEvent tick() {
    if (machine.nextDeadlineNanos() != Long.MAX_VALUE && choices.oneIn(3)) {
      nowNanos = Math.max(nowNanos, machine.nextDeadlineNanos());
    }
    return new RegistrationEvent.Tick();
  }

  private Optional<PathEnds> path() {
    return choices.oneIn(4) ? Optional.empty() : Optional.of(MachineFixture.PATH);
  }

  private Bytes message() throws Exception {
    Bytes message = goodMessage();
    sent.add(message);
    return switch (choices.below(8)) {
      case 0 -> payloads.damaged(message);
      case 1 -> sent.get(choices.below(sent.size()));
      case 2 -> choices.octets(100);
      default -> message;
    };
  }

  /** Well formed, with the right keys where there are keys. */
  private Bytes goodMessage() throws Exception {
    if (machine.state() instanceof RegistrationState.AwaitInit && request.isPresent()) {
      return initAnswer(request.get());
    }
    if (!agreed) {
      return choices.octets(60);
    }
    ExchangeType exchange = exchange();
    if (choices.oneIn(2)) {
      boolean right = !choices.oneIn(4);
      return gcks.response(exchange, messageId(), right ? fitting() : payloads.some());
    }
    return switch (choices.below(8)) {
      case 0 ->
          gcks.ownRequest(
              ExchangeType.INFORMATIONAL, choices.below(2), List.of(DeletePayload.ikeSa()));
      case 1 ->
          gcks.ownRequest(ExchangeType.GSA_INBAND_REKEY, choices.below(2), AnyPayloads.admission());
      default -> gcks.ownRequest(exchange, choices.below(3), payloads.some());
    };
  }

  private Bytes initAnswer(ClearMessage init) throws Exception {
    if (choices.oneIn(3)) {
      return OutboundMessage.clear(init.header().answer(IkeSpi.NONE), payloads.some());
    }
    if (choices.oneIn(3)) {
      return gcks.initResponse(init, choices.someOctets(65));
    }
    gcks = new ScriptedGcks(random);
    agreed = true;
    return gcks.agree(init, ScriptedGcks.allHashes());
  }

  private List<Payload> fitting() {
    List<Payload> all = new ArrayList<>();
    if (machine.state() instanceof RegistrationState.AwaitAuth) {
      all.addAll(gcks.proof(MachineFixture.GCKS_ID, MachineFixture.PSK));
    }
    if (choices.oneIn(2)) {
      all.addAll(AnyPayloads.admission());
    } else {
      all.addAll(payloads.some());
    }
    return all;
  }

  /** The one that is waited for, mostly. */
  private ExchangeType exchange() {
    Optional<Outstanding> waiting = Optional.empty();
    if (machine.state() instanceof RegistrationState.AwaitAuth state) {
      waiting = Optional.of(state.request());
    } else if (machine.state() instanceof RegistrationState.AwaitGroup state) {
      waiting = Optional.of(state.request());
    }
    return waiting.isPresent() && !choices.oneIn(6)
        ? waiting.get().exchange()
        : Choices.any(choices, ExchangeType.values());
  }

  private long messageId() {
    if (machine.state() instanceof RegistrationState.AwaitAuth state) {
      return state.request().messageId();
    }
    if (machine.state() instanceof RegistrationState.AwaitGroup state) {
      return state.request().messageId();
    }
    return choices.below(4);
  }

  private void perform(List<RegistrationAction> actions) {
    for (RegistrationAction action : actions) {
      done.add(action.getClass());
      if (action instanceof RegistrationAction.Send send) {
        send.datagrams().forEach(this::remember);
      } else if (action instanceof RegistrationAction.Derived derived) {
        derived.sa().keys().d().run(octets -> assertTrue(octets.length > 0));
      } else if (action instanceof RegistrationAction.Registered registered) {
        registered.result().gskW().close();
      } else if (action instanceof RegistrationAction.Rekeyed rekeyed) {
        rekeyed.gskW().close();
      } else if (action instanceof RegistrationAction.Failed failed) {
        assertTrue(failed.text().length() < 300 && !failed.text().contains("\n"), failed.text());
      }
    }
  }

  private void remember(Bytes datagram) {
    sent.add(datagram);
    try {
      if (InboundMessage.parse(datagram) instanceof ClearMessage clear) {
        request = Optional.of(clear);
        agreed = false;
      }
    } catch (MalformedMessageException e) {
      // a keepalive, or a message with the non-ESP marker: not one of IKE_SA_INIT
    }
  }

  private static Kind kind(RegistrationState state) {
    if (state instanceof RegistrationState.AwaitInit) {
      return Kind.AWAIT_INIT;
    }
    if (state instanceof RegistrationState.AwaitSignature) {
      return Kind.AWAIT_SIGNATURE;
    }
    if (state instanceof RegistrationState.AwaitAuth) {
      return Kind.AWAIT_AUTH;
    }
    if (state instanceof RegistrationState.AwaitGroup) {
      return Kind.AWAIT_GROUP;
    }
    return state instanceof RegistrationState.Established ? Kind.ESTABLISHED : Kind.IDLE;
  }

  /** The same keys and nonces with the same seed, so that what was found is found again. */
  private static SecureRandom seeded(byte[] seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      return random;
    } catch (NoSuchAlgorithmException e) {
      return Assertions.fail(e);
    }
  }
}
