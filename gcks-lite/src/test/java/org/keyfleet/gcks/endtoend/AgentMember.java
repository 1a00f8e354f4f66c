package org.keyfleet.gcks.endtoend;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.agent.group.GroupChannel;
import org.keyfleet.agent.group.InsecureKeyObserver;
import org.keyfleet.agent.group.Membership;
import org.keyfleet.agent.group.MembershipSettings;
import org.keyfleet.agent.registration.MemberCredential;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.agent.registration.RegistrationProfile;
import org.keyfleet.agent.run.TokenWatch;
import org.keyfleet.agent.token.WatchedToken;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.TokenSigner;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.NatDetection;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.memory.MemoryLink;
import org.keyfleet.transport.memory.MemoryNetwork;

/** The agent itself, with a token of its own, on the test's network and clock. */
final class AgentMember implements AutoCloseable {
  static final KeyName IDENTITY = KeyName.of("keyfleet-identity");
  // version 2.0, GSA_REKEY (RFC 7296 section 3.1)
  private static final int VERSION_AT = 17;
  private static final Bytes REKEY = Bytes.fromHex("2029");

  static final UdpAddress DATA_GROUP = MemoryNetwork.groupAddress(1);

  final String name;
  final List<String> delivered = new ArrayList<>();
  final KeyCustody custody;

  /** Whether what is sent to the group does not reach it. */
  boolean deaf;

  /** Which of the coming datagrams on the rekey channel is lost, counted from 1; 0 for none. */
  int loses;

  /** What came on the rekey channel. */
  final List<Bytes> rekeys = new ArrayList<>();

  /** How far its wall clock is ahead, from the next start on. */
  Duration clockOffset = Duration.ZERO;

  /** What the token answers instead of unwrapping a key. */
  Optional<CustodyFault> unwrapFault = Optional.empty();

  /** What the token is measured to be able to do. */
  UnaryOperator<Capabilities> measured = UnaryOperator.identity();

  /** Calls that write keys into the token. */
  int imports;

  private final World world;
  private final Path state;
  private final boolean sender;
  private final UdpAddress self;
  private final MemoryLink unicast;
  private final MemoryLink multicast;
  private @Nullable TokenSigner signer;
  private @Nullable GroupAgent agent;
  private @Nullable TokenWatch watch;

  /**
   * A member that is not running yet.
   *
   * @param custody open, with an identity key
   */
  AgentMember(World world, String name, KeyCustody custody, Path state, boolean sender) {
    this.world = world;
    this.name = name;
    this.custody = custody;
    this.state = state;
    this.sender = sender;
    this.self = MemoryNetwork.address(world.nextHost++);
    this.unicast = world.network.unicast(self);
    this.multicast = world.network.group(World.GROUP, self);
    world.others.add(this::doWork);
  }

  /** Starts the agent, as a new process would: from journal and token alone. */
  void start() throws Exception {
    TokenSigner signer = this.signer == null ? TokenSigner.of(custody, IDENTITY) : this.signer;
    this.signer = signer;
    AgentClock clock =
        new AgentClock(world::nowNanos, () -> world.clock().instant().plus(clockOffset));
    Membership membership =
        new Membership(
            new MembershipSettings(IDENTITY, state.resolve("fleet.journal"), sender, false, 0),
            faulty(custody),
            world.random,
            clock,
            InsecureKeyObserver.NONE);
    GroupAgent started =
        new GroupAgent(
            "fleet",
            profile(signer),
            10_000_000_000L,
            membership,
            new Channel(),
            signer,
            world.random,
            clock,
            InsecureKeyObserver.NONE);
    agent = started;
    started.start();
  }

  private KeyCustody faulty(KeyCustody real) {
    return (KeyCustody)
        Proxy.newProxyInstance(
            KeyCustody.class.getClassLoader(),
            new Class<?>[] {KeyCustody.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("unwrap") && unwrapFault.isPresent()) {
                throw new CustodyException(unwrapFault.get(), "as the test wants it");
              }
              imports += method.getName().equals("importRoot") ? 1 : 0;
              try {
                Object answer = method.invoke(real, arguments);
                return answer instanceof Capabilities found ? measured.apply(found) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private RegistrationProfile profile(TokenSigner signer) throws Exception {
    return new RegistrationProfile(
        IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8(name)),
        IdPayload.of(IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8(World.SERVER_NAME)),
        new MemberCredential.Certificate(
            world.pki.issue(name, signer.subjectPublicKeyInfo()), signer.scheme()),
        Optional.of(TrustAnchors.ofPem(world.pki.caPem())),
        GroupId.ofName("fleet"),
        sender ? Optional.of(new GroupSender(1)) : Optional.empty(),
        SuitePolicy.STANDARD,
        world.clock(),
        1280,
        Retransmission.Policy.STANDARD);
  }

  GroupAgent agent() {
    return java.util.Objects.requireNonNull(agent);
  }

  String state() {
    return agent().state().word();
  }

  /** As SIGKILL does: nothing is written any more, session objects end with the session. */
  void kill() {
    agent = null;
  }

  void recoverToken(char[] pin) throws CustodyException {
    custody.recover(pin);
    agent().tokenRecovered();
  }

  /** From now on its token is looked after as that of a running agent is. */
  TokenWatch watched(WatchedToken token) {
    TokenWatch started = new TokenWatch(token, custody, world.random, world.nowNanos());
    watch = started;
    return started;
  }

  private void watchToken(GroupAgent running, TokenWatch watching) {
    switch (watching.check(running.tokenTrouble(), world.nowNanos())) {
      case NOTHING_NEW -> {}
      case ANSWERS -> running.tokenAnswers();
      case RECOVERED -> {
        try {
          running.tokenRecovered();
        } catch (CustodyException e) {
          throw new AssertionError("gone once more", e);
        }
      }
    }
  }

  int doWork(long nowNanos) {
    GroupAgent running = agent;
    int work = 0;
    for (Datagram datagram = unicast.poll(); datagram != null; datagram = unicast.poll()) {
      work++;
      if (running != null) {
        running.onRegistrationMessage(octets(datagram), Optional.of(ends()));
      }
    }
    for (Datagram datagram = multicast.poll(); datagram != null; datagram = multicast.poll()) {
      work++;
      if (running != null && !deaf) {
        // one port for rekeys and data
        if (isRekey(octets(datagram))) {
          rekeys.add(octets(datagram));
          if (loses == 0 || --loses > 0) {
            running.onRekeyDatagram(octets(datagram));
          }
        } else {
          running.onDataPacket(octets(datagram));
        }
      }
    }
    if (running != null && nowNanos >= running.nextDeadlineNanos()) {
      running.tick();
      work++;
    }
    if (running != null && watch != null) {
      watchToken(running, watch);
    }
    return work;
  }

  private static boolean isRekey(Bytes datagram) {
    return datagram.size() > VERSION_AT + 2
        && datagram.slice(VERSION_AT, VERSION_AT + 2).equals(REKEY);
  }

  private PathEnds ends() {
    return new PathEnds(endpoint(self), endpoint(World.SERVER));
  }

  private static NatDetection.Endpoint endpoint(UdpAddress address) {
    return new NatDetection.Endpoint(Bytes.copyOf(address.host().getAddress()), address.port());
  }

  private static Bytes octets(Datagram datagram) {
    return Bytes.copyOf(datagram.octets());
  }

  @Override
  public void close() {
    GroupAgent running = agent;
    if (running != null) {
      running.close();
    }
    custody.close();
  }

  private final class Channel implements GroupChannel {
    @Override
    public Optional<PathEnds> path() {
      return Optional.of(ends());
    }

    @Override
    public void toGcks(List<Bytes> datagrams, boolean natPort) {
      for (Bytes datagram : datagrams) {
        unicast.send(new Datagram(World.SERVER, datagram.toArray()));
      }
    }

    @Override
    public void hearRekeys(RekeySaPolicy policy) {}

    @Override
    public void hearData(DataSaPolicy policy) {}

    @Override
    public void hearNothing() {}

    @Override
    public Bytes sourceAddress(Bytes groupAddress) {
      byte[] host = self.host().getAddress();
      return host.length == groupAddress.size()
          ? Bytes.copyOf(host)
          : Bytes.copyOf(new byte[groupAddress.size()]);
    }

    @Override
    public boolean sendData(Bytes packet, Bytes groupAddress) {
      return multicast.send(new Datagram(DATA_GROUP, packet.toArray()));
    }

    @Override
    public void deliver(Bytes payload) {
      delivered.add(payload.utf8());
    }
  }
}
