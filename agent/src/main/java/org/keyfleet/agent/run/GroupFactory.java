package org.keyfleet.agent.run;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.GroupSettings;
import org.keyfleet.agent.config.GroupTransport;
import org.keyfleet.agent.config.MqttSettings;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.group.GroupAgent;
import org.keyfleet.agent.group.InsecureKeyObserver;
import org.keyfleet.agent.group.Membership;
import org.keyfleet.agent.group.MembershipSettings;
import org.keyfleet.agent.journal.Journal;
import org.keyfleet.agent.registration.MemberCredential;
import org.keyfleet.agent.registration.RegistrationProfile;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.TokenSigner;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.pki.TrustAnchors;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.mqtt.MqttBroker;
import org.keyfleet.transport.mqtt.MqttLogin;
import org.keyfleet.transport.mqtt.TlsFiles;
import org.keyfleet.transport.udp.UdpLinks;

/** Makes the groups that the configuration names. */
final class GroupFactory {
  /** For tests that kill the agent in the middle of a rekey; see the manual's test chapter. */
  private static final String PAUSE_VARIABLE = "KEYFLEET_INSECURE_TEST_PAUSE_IN_REKEY_MILLIS";

  private final AgentConfig config;
  private final KeyCustody custody;
  private final SecureRandom random;
  private final AgentClock clock;
  private final InsecureKeyObserver observer;
  private final UdpLinks udp;
  private final Runnable wakeUp;
  private final @Nullable MqttBroker broker;
  private final NameLookup names;
  private final Optional<GcksHost> host;
  private final SourceAddresses sources;

  GroupFactory(
      AgentConfig config,
      KeyCustody custody,
      SecureRandom random,
      AgentClock clock,
      InsecureKeyObserver observer,
      UdpLinks udp,
      NameLookup names,
      Runnable wakeUp)
      throws TransportException {
    this.config = config;
    this.custody = custody;
    this.random = random;
    this.clock = clock;
    this.observer = observer;
    this.udp = udp;
    this.wakeUp = wakeUp;
    this.names = names;
    this.sources = new SourceAddresses(UdpLinks::sourceToward, clock);
    this.host = config.gcks().address().map(this::host);
    this.broker = usesMqtt() ? openBroker(config.mqtt().orElseThrow()) : null;
  }

  @Nullable MqttBroker broker() {
    return broker;
  }

  /** Looked up from the start, so that the first registration finds the answer. */
  private GcksHost host(String address) {
    GcksHost gcks =
        new GcksHost(
            address, UdpPath.ipv4Only(config.gcks()), InetAddress::getAllByName, names, wakeUp);
    gcks.refresh();
    return gcks;
  }

  void build(List<GroupSlot> groups) throws CustodyException, TransportException, StartException {
    Signer identity = identity();
    MemberCredential credential = Credentials.read(config, identity, clock.wall().instant());
    Optional<TrustAnchors> anchors = Credentials.anchors(config);
    for (GroupSettings group : config.groups()) {
      GcksPath path = path(group);
      NetworkChannel channel =
          new NetworkChannel(
              group, path, udp, wakeUp, sources, links(group, NetworkChannel.MAX_DATA_LINKS));
      RegistrationProfile profile = profile(group, credential, anchors, path.unfragmentedOctets());
      groups.add(
          new GroupSlot(
              group,
              channel,
              () ->
                  new GroupAgent(
                      group.name(),
                      profile,
                      group.registrationSpread().toNanos(),
                      new Membership(settings(group), custody, random, clock, observer),
                      channel,
                      identity,
                      random,
                      clock,
                      observer),
              clock,
              random));
    }
  }

  private Signer identity() throws CustodyException {
    try {
      return TokenSigner.of(custody, AgentToken.IDENTITY);
    } catch (CustodyException e) {
      if (e.fault() == CustodyFault.NO_KEY) {
        throw new CustodyException(
            CustodyFault.NO_KEY, "the token holds no identity key: run keyfleet-agent init");
      }
      throw e;
    }
  }

  private GcksPath path(GroupSettings group) throws TransportException {
    MqttBroker open = broker;
    return group.transport() == GroupTransport.MQTT && open != null
        ? new MqttPath(open, group.name(), config.memberId(), wakeUp)
        : new UdpPath(
            group,
            config.gcks(),
            udp,
            wakeUp,
            host.orElseThrow(() -> new TransportException("[gcks] needs an address")),
            sources,
            links(group, UdpPath.MAX_REKEY_LINKS));
  }

  private WantedLinks links(GroupSettings group, int maxLinks) {
    return new WantedLinks(group.name(), maxLinks, wakeUp, clock, random);
  }

  private RegistrationProfile profile(
      GroupSettings group,
      MemberCredential credential,
      Optional<TrustAnchors> anchors,
      int maxDatagramOctets) {
    return new RegistrationProfile(
        Identities.payload(IdPayload.Kind.INITIATOR, config.memberId()),
        Identities.payload(IdPayload.Kind.RESPONDER, config.gcks().id()),
        credential,
        anchors,
        GroupId.ofName(group.name()),
        group.sender() ? Optional.of(new GroupSender(group.senderIds())) : Optional.empty(),
        SuitePolicy.STANDARD,
        clock.wall(),
        maxDatagramOctets,
        Retransmission.Policy.STANDARD);
  }

  private MembershipSettings settings(GroupSettings group) {
    return new MembershipSettings(
        AgentToken.IDENTITY,
        Journal.path(config.stateDirectory(), group.name()),
        group.sender(),
        group.strictCustody(),
        pauseMillis());
  }

  private static long pauseMillis() {
    String text = System.getenv(PAUSE_VARIABLE);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private boolean usesMqtt() {
    for (GroupSettings group : config.groups()) {
      if (group.transport() == GroupTransport.MQTT) {
        return true;
      }
    }
    return false;
  }

  private MqttBroker openBroker(MqttSettings settings) throws TransportException {
    var mqtt =
        org.keyfleet.transport.mqtt.MqttSettings.device(settings.server(), settings.clientId());
    if (settings.trustAnchors().isPresent()) {
      TlsFiles tls = TlsFiles.trusting(settings.trustAnchors().get());
      if (settings.certificateChain().isPresent() && settings.privateKey().isPresent()) {
        tls = tls.showing(settings.certificateChain().get(), settings.privateKey().get());
      }
      mqtt = mqtt.with(tls);
    }
    if (settings.user().isPresent() && settings.passwordFile().isPresent()) {
      mqtt = mqtt.with(new MqttLogin(settings.user().get(), settings.passwordFile().get()));
    }
    return MqttBroker.open(mqtt, random);
  }
}
