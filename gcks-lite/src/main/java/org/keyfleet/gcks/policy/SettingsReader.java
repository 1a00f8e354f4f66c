package org.keyfleet.gcks.policy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads gcks.toml. Relative paths are relative to the file's directory. */
public final class SettingsReader {
  /** RFC 1035 section 2.3.4: a name has at most 255 octets. */
  private static final int MAX_NAME_CHARS = 253;

  /** The label is the key's id in the token as well. */
  private static final int MAX_LABEL_CHARS = 32;

  private static final Pattern DOMAIN =
      Pattern.compile(
          "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*");

  private final Path file;
  private final Path directory;

  private SettingsReader(Path file) {
    this.file = file;
    Path parent = file.toAbsolutePath().getParent();
    this.directory = parent == null ? file.toAbsolutePath() : parent;
  }

  public static Settings read(Path file) throws SettingsException {
    try {
      return new SettingsReader(file).settings(Toml.parse(file));
    } catch (NoSuchFileException e) {
      throw new SettingsException(
          file + ": no such file; make one with 'keyfleet-gcks init' or name it with --config");
    } catch (IOException e) {
      throw new SettingsException(file + ": cannot be read; check that it is a file of ours");
    }
  }

  static Settings parse(Path file, String toml) throws SettingsException {
    return new SettingsReader(file).settings(Toml.parse(toml));
  }

  private Settings settings(TomlParseResult parsed) throws SettingsException {
    String name = String.valueOf(file.getFileName());
    if (parsed.hasErrors()) {
      TomlParseError first = parsed.errors().get(0);
      throw new SettingsException(
          name
              + ":"
              + first.position().line()
              + ": "
              + oneLine(String.valueOf(first.getMessage())));
    }
    StrictTable root = new StrictTable(name, "", 0, parsed);
    StrictTable serverTable = root.table("server");
    StrictTable custodyTable = root.table("custody");
    StrictTable listenTable = root.table("listen");
    Optional<StrictTable> mqttTable = root.optionalTable("mqtt");
    Optional<StrictTable> caTable = root.optionalTable("ca");
    StrictTable debug = root.table("debug");
    List<StrictTable> groupTables = root.tables("group");
    root.done();
    ServerSettings server = server(serverTable);
    CustodySettings custody = custody(custodyTable);
    ListenSettings listen = listen(listenTable);
    Optional<MqttSettings> mqtt =
        mqttTable.isPresent() ? Optional.of(mqtt(mqttTable.get(), server)) : Optional.empty();
    Optional<CaSettings> ca =
        caTable.isPresent() ? Optional.of(ca(caTable.get())) : Optional.empty();
    Optional<Path> export = path(debug, "insecure-key-export-dir");
    debug.done();
    List<GroupSettings> groups = groups(groupTables, mqtt.isPresent());
    return new Settings(file, server, custody, listen, mqtt, ca, export, groups);
  }

  private ServerSettings server(StrictTable table) throws SettingsException {
    Path state = path(table, "state-directory").orElse(directory.resolve("state"));
    ServerSettings server =
        new ServerSettings(
            identity(table),
            path(table, "certificate"),
            path(table, "trust-anchors"),
            path(table, "psk-file"),
            state,
            path(table, "admin-socket").orElse(state.resolve("admin.sock")),
            table.integer("half-open-threshold", 0, 1_000_000, 64),
            table.integer("half-open-limit", 1, 1_000_000, 1024),
            table.integer("ike-sa-limit", 1, 1_000_000, 10_000),
            Duration.ofSeconds(table.integer("ike-sa-linger-seconds", 1, 3600, 10)),
            table.integer("fragment-octets", 576, 65_000, 1280));
    table.done();
    if (server.certificate().isEmpty() && server.pskFile().isEmpty()) {
      throw table.fault("identity", "needs a 'certificate' or a 'psk-file' to prove itself with");
    }
    return server;
  }

  /** The server shows itself as ID_FQDN (RFC 7296 section 3.5). */
  private static String identity(StrictTable table) throws SettingsException {
    String identity = table.needText("identity");
    if (identity.length() > MAX_NAME_CHARS || !DOMAIN.matcher(identity).matches()) {
      throw table.fault("identity", "wants a domain name, as in \"gcks.example\"");
    }
    return identity;
  }

  private CustodySettings custody(StrictTable table) throws SettingsException {
    CustodySettings custody =
        new CustodySettings(
            table.choice("kind", CustodySettings.Kind.class, CustodySettings.Kind.SOFT),
            path(table, "file"),
            table.text("uri"),
            path(table, "pin-file"),
            table.text("pin-env"),
            identityLabel(table));
    table.done();
    if (custody.kind() == CustodySettings.Kind.SOFT && custody.file().isEmpty()) {
      throw table.fault("kind", "is soft and needs 'file'");
    }
    if (custody.kind() == CustodySettings.Kind.PKCS11 && custody.uri().isEmpty()) {
      throw table.fault("kind", "is pkcs11 and needs 'uri', as in pkcs11:token=gcks");
    }
    return custody;
  }

  private static String identityLabel(StrictTable table) throws SettingsException {
    String label = table.text("identity-label", "keyfleet-gcks");
    if (label.length() > MAX_LABEL_CHARS || !label.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw table.fault(
          "identity-label", "wants 1 to " + MAX_LABEL_CHARS + " ASCII characters without blanks");
    }
    return label;
  }

  private static ListenSettings listen(StrictTable table) throws SettingsException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String address : table.texts("addresses", List.of("0.0.0.0"))) {
      addresses.add(Addresses.literal(table, "addresses", address));
    }
    ListenSettings listen =
        new ListenSettings(
            addresses,
            table.integer("port", 0, 65535, 848),
            table.integer("nat-port", 0, 65535, 0));
    table.done();
    return listen;
  }

  private MqttSettings mqtt(StrictTable table, ServerSettings server) throws SettingsException {
    MqttSettings mqtt =
        new MqttSettings(
            table.needText("broker"),
            table.text("client-id", server.identity()),
            path(table, "trust-anchors"),
            path(table, "certificate"),
            path(table, "key"),
            table.text("user"),
            path(table, "password-file"));
    if (mqtt.certificate().isPresent() != mqtt.key().isPresent()) {
      throw table.fault("certificate", "and 'key' come together or not at all");
    }
    table.done();
    return mqtt;
  }

  private CaSettings ca(StrictTable table) throws SettingsException {
    CaSettings ca =
        new CaSettings(
            directory.resolve(table.needText("certificate")),
            directory.resolve(table.needText("key")),
            Duration.ofDays(table.integer("validity-days", 1, 36_500, 825)));
    table.done();
    return ca;
  }

  private static List<GroupSettings> groups(List<StrictTable> tables, boolean mqtt)
      throws SettingsException {
    List<GroupSettings> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (StrictTable table : tables) {
      GroupSettings group = GroupReader.read(table, mqtt);
      if (!names.add(group.name())) {
        throw table.fault("name", "is the name of two groups");
      }
      groups.add(group);
    }
    return groups;
  }

  private Optional<Path> path(StrictTable table, String key) throws SettingsException {
    return table.text(key).map(directory::resolve);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
