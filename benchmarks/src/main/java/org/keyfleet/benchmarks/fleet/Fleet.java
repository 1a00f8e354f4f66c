package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Broker, server and agents on loopback, each with its own folder, token and ports. */
public final class Fleet implements AutoCloseable {
  private final FleetOptions options;
  private final Launcher launcher;
  private final FleetAddresses addresses;
  private final FleetPki brokerPki;
  private final Broker broker;
  private final TokenSupply tokens;
  private final GcksProcess gcks;
  private final List<AgentProcess> agents = new ArrayList<>();

  private Fleet(
      FleetOptions options,
      Launcher launcher,
      FleetAddresses addresses,
      FleetPki brokerPki,
      Broker broker,
      TokenSupply tokens)
      throws IOException {
    this.options = options;
    this.launcher = launcher;
    this.addresses = addresses;
    this.brokerPki = brokerPki;
    this.broker = broker;
    this.tokens = tokens;
    brokerPki.issue(FleetOptions.GCKS);
    Path directory = options.directory().resolve("gcks");
    String configuration = FleetConfiguration.gcks(options, addresses, brokerPki, broker.url());
    this.gcks = new GcksProcess(launcher, directory, Map.of(), configuration);
  }

  /** Starts broker and server. */
  public static Fleet start(FleetOptions options, Launcher launcher)
      throws IOException, InterruptedException {
    Files.createDirectories(options.directory());
    if (options.keys() != null) {
      Files.createDirectories(options.keys());
    }
    FleetAddresses addresses = FleetAddresses.free();
    FleetPki brokerPki = new FleetPki(options.directory().resolve("broker/pki"));
    Broker broker =
        Broker.start(
            options.directory().resolve("broker"),
            brokerPki,
            addresses.brokerPort(),
            options.plainMqtt() ? OptionalInt.of(addresses.ports().tcp()) : OptionalInt.empty(),
            FleetOptions.GCKS);
    Fleet fleet =
        new Fleet(options, launcher, addresses, brokerPki, broker, tokens(options, broker));
    boolean started = false;
    try {
      fleet.gcks.initialize();
      fleet.gcks.start();
      started = true;
      return fleet;
    } finally {
      if (!started) {
        fleet.close();
      }
    }
  }

  private static TokenSupply tokens(FleetOptions options, Broker broker) throws IOException {
    try {
      return TokenSupply.of(options.token(), options.directory().resolve("t"));
    } catch (IOException e) {
      broker.close();
      throw e;
    }
  }

  /** Makes a device: token, identity, certificate, configuration. It is not started yet. */
  public AgentProcess add(String name, String transport, boolean sender)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(options.directory().resolve(name));
    int listen = addresses.ports().udp();
    int deliver = addresses.ports().udp();
    DeviceToken token = tokens.token(name, directory);
    secretFile(directory.resolve("pin"), token.pin());
    brokerPki.issue(name + FleetOptions.DOMAIN);
    Files.writeString(
        directory.resolve("agent.toml"),
        FleetConfiguration.agent(
            options,
            addresses,
            name,
            transport,
            sender,
            listen,
            deliver,
            brokerPki,
            broker.agentUrl(),
            token));
    AgentProcess agent =
        new AgentProcess(
            name,
            transport,
            launcher,
            directory,
            token.environment(),
            new Traffic(deliver, listen));
    agents.add(agent);
    Path request = agent.initialize();
    gcks.enroll(request, directory.resolve("device.cert.pem"));
    return agent;
  }

  public GcksProcess gcks() {
    return gcks;
  }

  public List<AgentProcess> agents() {
    return List.copyOf(agents);
  }

  /** An eavesdropper on the data address. */
  public EspTap tap() throws IOException {
    return new EspTap(dataGroup(), networkInterface());
  }

  /** Where the group's rekeys go, and the interface they go through. */
  public InetSocketAddress rekeyGroup() throws IOException {
    return new InetSocketAddress(
        InetAddress.getByName(FleetAddresses.REKEY_GROUP), addresses.rekeyPort());
  }

  /** Where the group's data goes. */
  public InetSocketAddress dataGroup() throws IOException {
    return new InetSocketAddress(
        InetAddress.getByName(FleetAddresses.DATA_GROUP), addresses.dataPort());
  }

  public static NetworkInterface networkInterface() throws IOException {
    return NetworkInterface.getByName(FleetAddresses.INTERFACE);
  }

  /** Captures registration, rekeys and data. */
  public Capture capture(Path pcap) throws IOException, InterruptedException {
    List<Integer> ports =
        List.of(addresses.registrationPort(), addresses.rekeyPort(), addresses.dataPort());
    return Capture.start(
        FleetAddresses.INTERFACE, ports, pcap, options.directory().resolve("tcpdump.log"));
  }

  @Override
  public void close() throws IOException {
    for (AgentProcess agent : agents) {
      agent.close();
    }
    gcks.close();
    broker.close();
    tokens.close();
  }

  private static void secretFile(Path file, String secret) throws IOException {
    Files.writeString(file, secret + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
