package org.keyfleet.gcks.endtoend;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.registration.PskStore;
import org.keyfleet.gcks.registration.ResponderLimits;
import org.keyfleet.gcks.registration.ServerCredentials;
import org.keyfleet.gcks.server.KeyServer;
import org.keyfleet.gcks.server.RegistrationLink;
import org.keyfleet.gcks.server.RekeyRoute;
import org.keyfleet.gcks.store.SqliteStore;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.TokenSigner;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SoftSigner;
import org.keyfleet.testkit.TestPki;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.memory.MemoryNetwork;

/** One server, its members, a network and a clock. */
final class World implements AutoCloseable {
  static final String SERVER_NAME = "gcks.example";
  static final String PSK = "a shared secret of some length";
  static final int NAT_PORT = 4500;
  static final UdpAddress GROUP = MemoryNetwork.groupAddress(1);
  static final UdpAddress SERVER = MemoryNetwork.address(1);
  private static final KeyName IDENTITY = KeyName.of("gcks-identity");
  private static final long STEP_NANOS = 20_000_000;

  final MemoryNetwork network;
  final SecureRandom random = new SecureRandom();
  final TestPki pki = TestPki.create("Test CA", SignatureScheme.ECDSA_P256_SHA256);
  final Map<String, PlainMember> members = new HashMap<>();

  /** Whoever else lives here: does what is due at a time, and says how much that was. */
  final List<LongToIntFunction> others = new ArrayList<>();

  final KeyCustody custody;
  final Path storeFile;
  private final Instant started = Instant.now();
  private final GroupSettings settings;
  private final CertificateChain serverChain;
  private long nowNanos = 1_000_000_000L;
  int nextHost = 10;
  boolean faultsExpected;
  private UnaryOperator<ResponderLimits> limits = UnaryOperator.identity();
  private Runnable betweenStatements = () -> {};
  private @Nullable KeyServer server;
  private @Nullable SqliteStore store;

  World(long seed, GroupSettings settings, KeyCustody custody, Path directory) throws Exception {
    this.network = new MemoryNetwork(seed);
    this.settings = settings;
    this.custody = custody;
    this.storeFile = directory.resolve("gcks.db");
    if (custody.find(IDENTITY).isEmpty()) {
      custody.generateIdentity(IDENTITY, IdentityAlgorithm.P256);
    }
    this.serverChain =
        pki.issue(SERVER_NAME, TokenSigner.of(custody, IDENTITY).subjectPublicKeyInfo());
  }

  World limits(UnaryOperator<ResponderLimits> change) {
    limits = change;
    return this;
  }

  /** Runs around each statement of the store that is opened next. */
  World betweenStatements(Runnable hook) {
    betweenStatements = hook;
    return this;
  }

  World startServer() throws Exception {
    SqliteStore opened = SqliteStore.open(storeFile, betweenStatements);
    store = opened;
    server =
        KeyServer.start(
            new KeyServer.Parts(
                List.of(settings),
                opened,
                custody,
                new ServerCredentials(
                    IdPayload.of(
                        IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8(SERVER_NAME)),
                    Optional.of(
                        new ServerCredentials.Certified(
                            serverChain, TokenSigner.of(custody, IDENTITY))),
                    Optional.of(TrustAnchors.ofPem(pki.caPem())),
                    psks()),
                TokenSigner.of(custody, IDENTITY),
                limits.apply(
                    new ResponderLimits(64, 1024, 1000, Duration.ofSeconds(5).toNanos(), 1280)),
                serverSuites(),
                List.of(
                    new RegistrationLink(network.unicast(SERVER), false, "udp"),
                    new RegistrationLink(
                        network.unicast(new UdpAddress(SERVER.host(), NAT_PORT)), true, "udp")),
                Map.of(
                    settings.name(),
                    List.of(new RekeyRoute(network.group(GROUP, SERVER), GROUP, true))),
                random,
                clock()),
            nowNanos);
    return this;
  }

  /** As after a crash: nothing is said, nothing is written. */
  void stopServer() {
    if (server != null) {
      server.close();
    }
    if (store != null) {
      store.close();
    }
    server = null;
    store = null;
  }

  KeyServer server() {
    return java.util.Objects.requireNonNull(server);
  }

  SqliteStore store() {
    return java.util.Objects.requireNonNull(store);
  }

  PlainMember pskMember(String name) {
    return member(name, new PlainMember.Credential.Psk(PSK), Optional.empty());
  }

  PlainMember certifiedMember(String name, SignatureScheme scheme) throws Exception {
    Signer signer = SoftSigner.generate(scheme, random);
    return member(
        name,
        new PlainMember.Credential.Certified(
            pki.issue(name, signer.subjectPublicKeyInfo()),
            signer,
            TrustAnchors.ofPem(pki.caPem())),
        Optional.empty());
  }

  /** A member whose identity key is P-256 and agrees, for strict custody. */
  PlainMember agreeingMember(String name) throws Exception {
    P256Identity identity = P256Identity.generate();
    return member(
        name,
        new PlainMember.Credential.Agreeing(
            pki.issue(name, identity.subjectPublicKeyInfo()),
            identity,
            identity::sharedWith,
            TrustAnchors.ofPem(pki.caPem())),
        Optional.empty());
  }

  PlainMember member(String name, PlainMember.Credential credential, Optional<GroupSender> sender) {
    return member(name, credential, sender, SuitePolicy.STANDARD, settings.name());
  }

  PlainMember member(
      String name,
      PlainMember.Credential credential,
      Optional<GroupSender> sender,
      SuitePolicy suites,
      String group) {
    PlainMember member =
        new PlainMember(
            name,
            credential,
            network,
            MemoryNetwork.address(nextHost++),
            SERVER,
            GROUP,
            group,
            sender,
            suites,
            clock(),
            random);
    members.put(name, member);
    return member;
  }

  PlainMember get(String name) {
    return java.util.Objects.requireNonNull(members.get(name));
  }

  PlainMember remove(String name) {
    return java.util.Objects.requireNonNull(members.remove(name));
  }

  InstantSource clock() {
    return () -> started.plusNanos(nowNanos);
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Lets everything happen that happens within {@code duration}. */
  void run(Duration duration) {
    long end = nowNanos + duration.toNanos();
    while (nowNanos < end) {
      settle();
      OptionalLong arrival = network.nextArrivalNanos();
      long next = nowNanos + STEP_NANOS;
      if (arrival.isPresent() && arrival.getAsLong() > nowNanos) {
        next = Math.min(next, arrival.getAsLong());
      }
      nowNanos = Math.min(next, end);
    }
    settle();
  }

  void runSeconds(int seconds) {
    run(Duration.ofSeconds(seconds));
  }

  /** A datagram straight into the server, as if it came from {@code from}. */
  void inject(UdpAddress from, Bytes octets) {
    server().received(0, from, octets, nowNanos);
  }

  private void settle() {
    int work;
    do {
      network.advanceTo(nowNanos);
      work = server == null ? 0 : server.doWork(nowNanos);
      for (PlainMember member : new ArrayList<>(members.values())) {
        work += member.doWork(nowNanos);
      }
      for (LongToIntFunction other : List.copyOf(others)) {
        work += other.applyAsInt(nowNanos);
      }
    } while (work > 0);
    if (server != null && server.faults() > 0 && !faultsExpected) {
      throw new AssertionError("the server met a fault: its log names the place");
    }
  }

  PlainMember registered(PlainMember member) {
    member.registered = false;
    member.register(nowNanos);
    run(Duration.ofMillis(100));
    if (!member.registered) {
      throw new AssertionError(member.name + " is not registered: " + member.failure);
    }
    return member;
  }

  /** Plain IKEv2 peers come without a key wrap algorithm. */
  private static SuitePolicy serverSuites() {
    SuitePolicy all = SuitePolicy.STANDARD;
    return new SuitePolicy(
        all.encryptions(), all.prfs(), all.keyExchanges(), all.keyWraps(), false);
  }

  private PskStore psks() {
    Map<String, SecretBytes> keys = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      keys.put("m" + i + ".fleet.example", SecretBytes.takeFrom(Bytes.ofUtf8(PSK).toArray()));
    }
    return new PskStore(keys);
  }

  @Override
  public void close() {
    stopServer();
  }
}
