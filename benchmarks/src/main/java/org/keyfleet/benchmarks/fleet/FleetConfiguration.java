package org.keyfleet.benchmarks.fleet;

import java.nio.file.Path;

/** The TOML files of a fleet's server and agents. */
final class FleetConfiguration {
  private static final String DEFAULT_SUITE = "aes-256-gcm16";

  private FleetConfiguration() {}

  static String gcks(
      FleetOptions options, FleetAddresses addresses, FleetPki pki, String brokerUrl) {
    return String.join(
        "\n",
        "[server]",
        "identity = \"" + FleetOptions.GCKS + "\"",
        "certificate = \"gcks.cert.pem\"",
        "trust-anchors = \"ca.cert.pem\"",
        "state-directory = \"state\"",
        "admin-socket = \"admin.sock\"",
        "[custody]",
        "kind = \"soft\"",
        "file = \"gcks.keys\"",
        "pin-file = \"gcks.pin\"",
        "[listen]",
        "addresses = [\"" + FleetAddresses.LOOPBACK + "\"]",
        "port = " + addresses.registrationPort(),
        "[mqtt]",
        "broker = \"" + brokerUrl + "\"",
        "trust-anchors = \"" + pki.caFile() + "\"",
        "certificate = \"" + pki.certificateFile(FleetOptions.GCKS) + "\"",
        "key = \"" + pki.keyFile(FleetOptions.GCKS) + "\"",
        "[ca]",
        "certificate = \"ca.cert.pem\"",
        "key = \"ca.key.pem\"",
        debug(options),
        serverGroup(
            options,
            addresses,
            FleetOptions.GROUP,
            DEFAULT_SUITE,
            "\"multicast\", \"mqtt\"",
            FleetAddresses.REKEY_GROUP,
            FleetAddresses.DATA_GROUP),
        options.brokerGroupSuite() == null
            ? ""
            : serverGroup(
                options,
                addresses,
                FleetOptions.BROKER_GROUP,
                options.brokerGroupSuite(),
                "\"mqtt\"",
                FleetAddresses.BROKER_REKEY_GROUP,
                FleetAddresses.BROKER_DATA_GROUP));
  }

  private static String serverGroup(
      FleetOptions options,
      FleetAddresses addresses,
      String name,
      String suite,
      String transports,
      String rekeyAddress,
      String dataAddress) {
    return String.join(
        "\n",
        "[[group]]",
        "name = \"" + name + "\"",
        "custody = \"" + options.custody() + "\"",
        "atd-seconds = 0",
        "dtd-seconds = 0",
        "[group.tree]",
        "degree = 2",
        "[group.rekey]",
        "suite = \"" + suite + "\"",
        "transports = [" + transports + "]",
        "multicast-address = \"" + rekeyAddress + "\"",
        "port = " + addresses.rekeyPort(),
        "interface = \"" + FleetAddresses.INTERFACE + "\"",
        "extra-copies = 5",
        "copy-spacing-millis = 400",
        "[[group.data]]",
        "name = \"telemetry\"",
        "multicast-address = \"" + dataAddress + "\"",
        "port = " + addresses.dataPort(),
        "interface = \"" + FleetAddresses.INTERFACE + "\"",
        "[group.members]",
        "certificate-names = [\"*" + FleetOptions.DOMAIN + "\"]",
        "senders = [\"*\"]",
        "");
  }

  static String agent(
      FleetOptions options,
      FleetAddresses addresses,
      String name,
      String transport,
      boolean sender,
      int listenPort,
      int deliverPort,
      FleetPki pki,
      String brokerUrl,
      DeviceToken token) {
    String identity = name + FleetOptions.DOMAIN;
    return String.join(
        "\n",
        "[agent]",
        "id = \"" + identity + "\"",
        "state-directory = \"state\"",
        "control-socket = \"control.sock\"",
        "[token]",
        token.settings(),
        "pin-file = \"pin\"",
        "security-officer-pin-file = \"pin\"",
        "[authentication]",
        "certificate-chain = \"device.cert.pem\"",
        "[gcks]",
        "id = \"" + FleetOptions.GCKS + "\"",
        "trust-anchors = \"../gcks/ca.cert.pem\"",
        "address = \"" + FleetAddresses.LOOPBACK + "\"",
        "port = " + addresses.registrationPort(),
        "[mqtt]",
        "server = \"" + brokerUrl + "\"",
        options.plainMqtt() ? "" : clientCertificate(pki, identity),
        debug(options),
        "[[group]]",
        "name = \"" + FleetOptions.GROUP + "\"",
        "transport = \"" + transport + "\"",
        "interface = \"" + FleetAddresses.INTERFACE + "\"",
        "sender = " + sender,
        "require-strict-custody = " + options.custody().equals("strict"),
        "data-port = " + addresses.dataPort(),
        "listen = \"127.0.0.1:" + listenPort + "\"",
        "deliver = \"127.0.0.1:" + deliverPort + "\"",
        options.brokerGroupSuite() == null ? "" : brokerGroup(options, addresses),
        "");
  }

  private static String clientCertificate(FleetPki pki, String identity) {
    return String.join(
        "\n",
        "trust-anchors = \"" + pki.caFile() + "\"",
        "certificate-chain = \"" + pki.certificateFile(identity) + "\"",
        "private-key = \"" + pki.keyFile(identity) + "\"");
  }

  private static String brokerGroup(FleetOptions options, FleetAddresses addresses) {
    return String.join(
        "\n",
        "[[group]]",
        "name = \"" + FleetOptions.BROKER_GROUP + "\"",
        "transport = \"mqtt\"",
        "interface = \"" + FleetAddresses.INTERFACE + "\"",
        "require-strict-custody = " + options.custody().equals("strict"),
        "data-port = " + addresses.dataPort());
  }

  private static String debug(FleetOptions options) {
    Path keys = options.keys();
    return keys == null
        ? ""
        : "[debug]\ninsecure-key-export-dir = \"" + keys.toAbsolutePath() + "\"";
  }
}
