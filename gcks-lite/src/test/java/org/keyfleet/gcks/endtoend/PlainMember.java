package org.keyfleet.gcks.endtoend;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.registration.FailureReason;
import org.keyfleet.agent.registration.MemberCredential;
import org.keyfleet.agent.registration.PathEnds;
import org.keyfleet.agent.registration.Purpose;
import org.keyfleet.agent.registration.RegistrationAction;
import org.keyfleet.agent.registration.RegistrationEvent;
import org.keyfleet.agent.registration.RegistrationMachine;
import org.keyfleet.agent.registration.RegistrationProfile;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.protocol.gikev2.AuthenticRekey;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupDelete;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.gikev2.GroupKeyBag;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.gikev2.KeyPathPlan;
import org.keyfleet.protocol.gikev2.KeyPathResolver;
import org.keyfleet.protocol.gikev2.KfAgree;
import org.keyfleet.protocol.gikev2.KfChain;
import org.keyfleet.protocol.gikev2.MessageIdGuard;
import org.keyfleet.protocol.gikev2.NotAllowedHereException;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.gikev2.RekeyOpener;
import org.keyfleet.protocol.gikev2.RekeyOpening;
import org.keyfleet.protocol.gikev2.RekeySaKeys;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.RekeySuite;
import org.keyfleet.protocol.gikev2.RekeyVerifier;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.WorkingKeyPath;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.ike.InboundMessage;
import org.keyfleet.protocol.ike.NatDetection.Endpoint;
import org.keyfleet.protocol.ike.NonEspMarker;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.pki.CertificateChain;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.UdpAddress;
import org.keyfleet.transport.memory.MemoryLink;
import org.keyfleet.transport.memory.MemoryNetwork;

/**
 * A member that reads RFC 9838 and nothing else: the agent's registration machine, the protocol
 * library's key paths, and all keys in plain host memory where the test can look at them.
 */
final class PlainMember {
  /** What it proves itself with. */
  sealed interface Credential {
    record Psk(String secret) implements Credential {}

    record Certified(CertificateChain chain, Signer signer, TrustAnchors anchors)
        implements Credential {}

    /** P-256 key that also agrees, as a token's identity key does. */
    record Agreeing(
        CertificateChain chain, Signer signer, Agreement agreement, TrustAnchors anchors)
        implements Credential {}
  }

  /** ECDH with the identity key. */
  @FunctionalInterface
  interface Agreement {
    SecretBytes sharedWith(Bytes publicValue) throws MalformedMessageException;
  }

  final String name;
  final List<RegistrationAction> seen = new ArrayList<>();
  final Map<Bytes, Bytes> dataKeys = new LinkedHashMap<>();
  final Set<Bytes> retired = new LinkedHashSet<>();
  final List<AuthenticRekey> rekeys = new ArrayList<>();
  final List<Long> senderIds = new ArrayList<>();
  boolean registered;
  boolean excluded;
  boolean ikeSaClosed;
  boolean authenticated;

  /** What it believes its own port to be, when a NAT changes it. */
  int portInside;

  boolean usedNatPort;
  int damaged;
  @Nullable FailureReason failure;
  @Nullable GroupPolicy policy;

  private final MemoryLink unicast;
  private final MemoryLink multicast;
  private final UdpAddress gcks;
  private final RegistrationMachine machine;
  private final Credential credential;
  private final MemberCredential memberCredential;
  final Map<Long, byte[]> keks = new HashMap<>();
  private WorkingKeyPath path = WorkingKeyPath.EMPTY;
  private @Nullable RekeyOpener opener;
  private @Nullable SecretBytes gskW;
  private KeyWrap keyWrap = KeyWrap.KW_5649_256;

  PlainMember(
      String name,
      Credential credential,
      MemoryNetwork network,
      UdpAddress self,
      UdpAddress gcks,
      UdpAddress group,
      String groupName,
      Optional<GroupSender> sender,
      SuitePolicy suites,
      InstantSource clock,
      SecureRandom random) {
    this.name = name;
    this.credential = credential;
    this.unicast = network.unicast(self);
    this.multicast = network.group(group, self);
    this.gcks = gcks;
    this.memberCredential = memberCredential(credential);
    Optional<TrustAnchors> anchors = Optional.empty();
    if (credential instanceof Credential.Certified certified) {
      anchors = Optional.of(certified.anchors());
    } else if (credential instanceof Credential.Agreeing agreeing) {
      anchors = Optional.of(agreeing.anchors());
    }
    this.machine =
        new RegistrationMachine(
            new RegistrationProfile(
                IdPayload.of(IdPayload.Kind.INITIATOR, IdType.ID_FQDN, Bytes.ofUtf8(name)),
                IdPayload.of(
                    IdPayload.Kind.RESPONDER, IdType.ID_FQDN, Bytes.ofUtf8(World.SERVER_NAME)),
                memberCredential,
                anchors,
                GroupId.ofName(groupName),
                sender,
                suites,
                clock,
                1280,
                Retransmission.Policy.STANDARD),
            random);
  }

  void register(long nowNanos) {
    start(Purpose.REGISTER, nowNanos);
  }

  void leave(long nowNanos) {
    start(Purpose.LEAVE, nowNanos);
  }

  void start(Purpose purpose, long nowNanos) {
    failure = null;
    perform(
        machine.onEvent(new RegistrationEvent.Start(purpose, Optional.of(ends())), nowNanos),
        nowNanos);
  }

  /** Takes what arrived; gives how much that was. */
  int doWork(long nowNanos) {
    int work = 0;
    for (Datagram in = unicast.poll(); in != null; in = unicast.poll()) {
      work++;
      Bytes message = Bytes.copyOf(in.octets());
      if (((UdpAddress) in.peer()).port() == World.NAT_PORT) {
        message = NonEspMarker.strip(message);
      }
      perform(
          machine.onEvent(new RegistrationEvent.Received(message, Optional.of(ends())), nowNanos),
          nowNanos);
    }
    for (Datagram in = multicast.poll(); in != null; in = multicast.poll()) {
      work++;
      rekey(Bytes.copyOf(in.octets()), nowNanos);
    }
    if (machine.nextDeadlineNanos() <= nowNanos) {
      perform(machine.onEvent(new RegistrationEvent.Tick(), nowNanos), nowNanos);
    }
    return work;
  }

  /** Keying material of the data SAs that are in force, by SPI. */
  Map<Bytes, Bytes> current() {
    Map<Bytes, Bytes> current = new LinkedHashMap<>(dataKeys);
    current.keySet().removeAll(retired);
    return current;
  }

  List<Long> keyPath() {
    return path.keyIds();
  }

  Bytes rekeySpi() {
    return opener == null ? Bytes.EMPTY : opener.sa().spi();
  }

  /** All key-encrypting keys that it ever held, for a look at who knows what. */
  Set<Bytes> knownKeks() {
    Set<Bytes> known = new LinkedHashSet<>();
    keks.values().forEach(kek -> known.add(Bytes.copyOf(kek)));
    return known;
  }

  private void perform(List<RegistrationAction> actions, long nowNanos) {
    for (RegistrationAction action : actions) {
      seen.add(action);
      if (action instanceof RegistrationAction.Send send) {
        usedNatPort |= send.natPort();
        UdpAddress to = send.natPort() ? new UdpAddress(gcks.host(), World.NAT_PORT) : gcks;
        send.datagrams().forEach(octets -> unicast.send(new Datagram(to, octets.toArray())));
      } else if (action instanceof RegistrationAction.Sign sign) {
        perform(machine.onEvent(signed(sign.octets()), nowNanos), nowNanos);
      } else if (action instanceof RegistrationAction.Registered registration) {
        install(registration.result());
      } else if (action instanceof RegistrationAction.Rekeyed rekeyed) {
        keyWrap = rekeyed.keyWrap();
        apply(rekeyed.content(), rekeyed.gskW(), rekeyed.keyWrap());
        rekeyed.gskW().close();
        perform(machine.onEvent(new RegistrationEvent.RekeyDone(), nowNanos), nowNanos);
      } else if (action instanceof RegistrationAction.Authenticated) {
        authenticated = true;
      } else if (action instanceof RegistrationAction.Left) {
        registered = false;
      } else if (action instanceof RegistrationAction.Failed failed) {
        failure = failed.reason();
      } else if (action instanceof RegistrationAction.ClosedByGcks) {
        ikeSaClosed = true;
      }
    }
  }

  private RegistrationEvent signed(Bytes octets) {
    Signer signer =
        credential instanceof Credential.Certified certified
            ? certified.signer()
            : ((Credential.Agreeing) credential).signer();
    try {
      return new RegistrationEvent.Signed(signer.sign(octets));
    } catch (SigningException e) {
      throw new IllegalStateException(e);
    }
  }

  private void install(RegistrationResult result) {
    try (SecretBytes unicastKwk = result.gskW()) {
      policy = result.policy();
      retired.addAll(dataKeys.keySet());
      senderIds.clear();
      result.keys().memberBag().senderIds().stream().map(SenderId::value).forEach(senderIds::add);
      excluded = false;
      keks.clear();
      path = WorkingKeyPath.EMPTY;
      if (result.policy().rekeySa().isPresent()) {
        RekeySaPolicy rekey = result.policy().rekeySa().get();
        GroupKeyBag bag = result.keys().bag(rekey.id()).orElseThrow();
        Optional<KfAgree> agree = KfAgree.find(result.keys().memberBag());
        agree.ifPresent(this::agree);
        OptionalLong agreedId =
            agree.isPresent() ? OptionalLong.of(agree.get().keyId()) : OptionalLong.empty();
        KeyPathPlan plan =
            KeyPathResolver.atRegistration(result.keys(), bag, agreedId, WorkingKeyPath.EMPTY);
        RekeyVerifier verifier = RekeyVerifier.of(rekey, result.keys().memberBag());
        follow(plan, rekey, unicastKwk, result.keyWrap(), verifier);
      }
      dataKeys(result.policy(), result.keys(), unicastKwk, result.keyWrap());
      registered = true;
    } catch (NotAuthenticException | NotAllowedHereException | MalformedMessageException e) {
      throw new IllegalStateException(name + " cannot install", e);
    }
  }

  /** What the token would do inside. */
  private void agree(KfAgree agree) {
    try (SecretBytes shared =
            ((Credential.Agreeing) credential).agreement().sharedWith(agree.publicKey());
        SecretBytes agreed = KeyDerivation.derive(shared, KfAgree.LABEL)) {
      keks.put(agree.keyId(), agreed.use(byte[]::clone));
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(e);
    }
  }

  private void rekey(Bytes datagram, long nowNanos) {
    RekeyOpener sa = opener;
    try {
      if (sa == null
          || !RekeyOpener.target(InboundMessage.parse(datagram)).equals(Optional.of(sa.sa()))) {
        return;
      }
      if (sa.open(datagram, nowNanos) instanceof RekeyOpening.Fresh fresh) {
        rekeys.add(fresh.rekey());
        SecretBytes kwk = gskW;
        if (kwk != null) {
          apply(fresh.rekey().content(), kwk, keyWrap);
        }
      }
    } catch (NotAuthenticException | NotAllowedHereException | MalformedMessageException e) {
      damaged++;
    }
  }

  private void apply(RekeyContent content, SecretBytes kwk, KeyWrap algorithm) {
    for (GroupDelete delete : content.deletes()) {
      if (delete instanceof GroupDelete.Sas sas) {
        sas.ids().forEach(id -> retired.add(id.spi()));
      } else if (delete instanceof GroupDelete.AllDataSas) {
        retired.addAll(dataKeys.keySet());
      } else {
        excluded = true;
        opener = null;
      }
    }
    if (content.update().isEmpty()) {
      return;
    }
    GroupPolicy update = content.update().get().policy();
    KeyDownload keys = content.update().get().keys();
    try {
      if (update.rekeySa().isPresent()) {
        RekeySaPolicy rekey = update.rekeySa().get();
        KeyPathPlan plan =
            KeyPathResolver.onRekey(
                keys, keys.bag(rekey.id()).orElseThrow(), KfChain.find(keys.memberBag()), path);
        RekeyOpener old = opener;
        if (old == null) {
          throw new IllegalStateException("rekeyed without a Rekey SA");
        }
        follow(plan, rekey, kwk, algorithm, old.verifier());
      }
      dataKeys(update, keys, kwk, algorithm);
    } catch (NotAuthenticException | MalformedMessageException e) {
      throw new IllegalStateException(name + " cannot apply", e);
    }
  }

  private void follow(
      KeyPathPlan plan,
      RekeySaPolicy rekey,
      SecretBytes kwk,
      KeyWrap kwkAlgorithm,
      RekeyVerifier verifier)
      throws NotAuthenticException, MalformedMessageException {
    if (!(plan instanceof KeyPathPlan.Reachable reachable)) {
      excluded = true;
      opener = null;
      return;
    }
    RekeySuite suite = RekeySuite.of(rekey).orElseThrow();
    for (WrappedKey step : reachable.wrapKeys()) {
      try (SecretBytes key = unwrap(step, kwk, kwkAlgorithm)) {
        keks.put(step.keyId(), key.use(byte[]::clone));
      }
    }
    path = reachable.pathAfter();
    try (SecretBytes keymat = unwrap(reachable.saKey(), kwk, kwkAlgorithm);
        RekeySaKeys keys = RekeySaKeys.split(keymat, suite)) {
      opener =
          new RekeyOpener(
              rekey.id(),
              suite,
              keys,
              verifier,
              MessageIdGuard.starting(rekey, OptionalLong.empty()));
      gskW = keys.keyWrap().copy();
      keyWrap = suite.keyWrap();
    }
  }

  private void dataKeys(GroupPolicy update, KeyDownload keys, SecretBytes kwk, KeyWrap algorithm)
      throws NotAuthenticException {
    for (DataSaPolicy sa : update.dataSas()) {
      GroupSaId id = sa.id();
      WrappedKey wrapped = keys.bag(id).orElseThrow().saKeys().get(0);
      try (SecretBytes keymat = algorithm.unwrap(kwk, wrapped.encryptedKey())) {
        dataKeys.put(id.spi(), keymat.use(Bytes::copyOf));
        retired.remove(id.spi());
      }
    }
  }

  private SecretBytes unwrap(WrappedKey key, SecretBytes kwk, KeyWrap kwkAlgorithm)
      throws NotAuthenticException {
    if (key.kwkId() == 0) {
      return kwkAlgorithm.unwrap(kwk, key.encryptedKey());
    }
    byte[] kek = keks.get(key.kwkId());
    if (kek == null) {
      throw new IllegalStateException(name + " lacks key " + key.kwkId());
    }
    try (SecretBytes held = SecretBytes.takeFrom(kek.clone())) {
      if (key.isDerived()) {
        int octets = Objects.requireNonNull(keyWrap).keyOctets();
        return KeyDerivation.derive(held, KfChain.label(key.keyId()), octets);
      }
      return bySize(kek.length).unwrap(held, key.encryptedKey());
    }
  }

  private static KeyWrap bySize(int octets) {
    for (KeyWrap algorithm : KeyWrap.values()) {
      if (algorithm.keyOctets() == octets) {
        return algorithm;
      }
    }
    throw new IllegalStateException("key of " + octets);
  }

  private PathEnds ends() {
    UdpAddress self = unicast.localAddress();
    return new PathEnds(
        new Endpoint(
            Bytes.copyOf(self.host().getAddress()), portInside == 0 ? self.port() : portInside),
        new Endpoint(Bytes.copyOf(gcks.host().getAddress()), gcks.port()));
  }

  private static MemberCredential memberCredential(Credential credential) {
    if (credential instanceof Credential.Psk psk) {
      return new MemberCredential.Psk(SecretBytes.takeFrom(Bytes.ofUtf8(psk.secret()).toArray()));
    }
    if (credential instanceof Credential.Certified certified) {
      return new MemberCredential.Certificate(certified.chain(), certified.signer().scheme());
    }
    Credential.Agreeing agreeing = (Credential.Agreeing) credential;
    return new MemberCredential.Certificate(agreeing.chain(), agreeing.signer().scheme());
  }
}
