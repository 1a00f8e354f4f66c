package org.keyfleet.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;

/** Reads {@code agent.toml}; the commented example next to this class documents each key. */
public final class ConfigReader {
  private static final int MAX_FILE_OCTETS = 256 * 1024;
  private static final int MAX_GROUPS = 16;

  /** Ours: "the order of seconds suits most situations" (RFC 9838 section 2.4.3). */
  private static final int SPREAD_SECONDS = 10;

  private static final int MAX_SPREAD_SECONDS = 86_400;
  private static final int MAX_SENDER_IDS = 64;
  private static final int MAX_PORT = 65_535;
  private static final String DEFAULT_KEY_FILE = "token.keys";
  private static final int MAX_LABEL_CHARS = 32;

  /** RFC 9838 section 2.1.1: UDP port 848 MAY be used. */
  private static final int DEFAULT_PORT = 848;

  /** RFC 3948: the port of UDP-encapsulated IKE and ESP. */
  private static final int DEFAULT_NAT_PORT = 4500;

  private final String file;
  private final Path directory;

  private ConfigReader(String file, Path directory) {
    this.file = file;
    this.directory = directory;
  }

  /** Reads a file. */
  public static AgentConfig read(Path path) throws ConfigException {
    Path name = path.getFileName();
    String file = name == null ? path.toString() : name.toString();
    try {
      if (Files.size(path) > MAX_FILE_OCTETS) {
        throw new ConfigException(file + ": larger than " + MAX_FILE_OCTETS + " octets");
      }
      Path directory = path.toAbsolutePath().getParent();
      return parse(file, directory == null ? path : directory, Files.readString(path));
    } catch (IOException e) {
      throw new ConfigException(
          e instanceof NoSuchFileException
              ? path + ": no such file; write it, or name another one with --config"
              : path + ": cannot be read (" + e.getClass().getSimpleName() + "); check its rights");
    }
  }

  /** Reads a text; {@code file} is its name in errors, {@code directory} the base of its paths. */
  public static AgentConfig parse(String file, Path directory, String text) throws ConfigException {
    TomlTable root = TomlReader.read(file, text);
    return new ConfigReader(file, directory).agent(new TomlSection(file, "", 1, root));
  }

  private AgentConfig agent(TomlSection root) throws ConfigException {
    TomlSection agent = root.section("agent");
    String id = IdentityText.read(agent, "id");
    Path state = path(agent.text("state-directory"), "agent.state-directory");
    Optional<Path> socket = optionalPath(agent, "control-socket");
    boolean keysExport = agent.flag("allow-keys-export", false);
    agent.expectNoOtherKeys();
    AgentConfig config =
        new AgentConfig(
            id,
            state,
            socket.orElse(state.resolve("control.sock")),
            keysExport,
            token(root.section("token"), state),
            authentication(root.section("authentication")),
            gcks(root.section("gcks")),
            mqtt(root, id),
            groups(root),
            debug(root));
    root.expectNoOtherKeys();
    requireConsistent(config);
    return config;
  }

  private TokenSettings token(TomlSection token, Path state) throws ConfigException {
    TokenKind kind = token.choice("kind", TokenKind.values());
    boolean uri = kind == TokenKind.PKCS11 && token.has("uri");
    TokenSettings settings = uri ? tokenOfUri(token) : tokenOfPlace(token, kind);
    if (kind == TokenKind.PKCS11) {
      Path keyFile = optionalPath(token, "key-file").orElse(state.resolve(DEFAULT_KEY_FILE));
      settings = settings.withKeyFile(Optional.of(keyFile));
    }
    token.expectNoOtherKeys();
    return settings;
  }

  private TokenSettings tokenOfPlace(TomlSection token, TokenKind kind) throws ConfigException {
    boolean card = kind == TokenKind.CARD;
    return new TokenSettings(
        kind,
        card
            ? Path.of("")
            : path(token.text(kind == TokenKind.PKCS11 ? "library" : "file"), "token"),
        card ? token.optionalText("reader").orElse("") : label(token, kind),
        onePlace(token, "pin-file", "pin-env"),
        onePlace(token, "security-officer-pin-file", "security-officer-pin-env"),
        Optional.empty(),
        token.optionalText("pin-env"),
        token.optionalText("security-officer-pin-env"));
  }

  /** RFC 7512; a label beside the URI could contradict it. */
  private TokenSettings tokenOfUri(TomlSection token) throws ConfigException {
    if (token.has("label")) {
      throw token.wrong("label", "stands in token.uri already: write one of them");
    }
    Optional<Path> library = optionalPath(token, "library");
    Optional<Path> pinFile = onePlace(token, "pin-file", "pin-env");
    Optional<String> pinVariable = token.optionalText("pin-env");
    try {
      Pkcs11Uri uri = Pkcs11Uri.parse(token.text("uri"));
      if (library.isPresent()) {
        uri = uri.orModulePath(library.get().toString());
      }
      Optional<Path> source = uri.pinFile();
      if (source.isPresent() && (pinFile.isPresent() || pinVariable.isPresent())) {
        throw token.wrong("uri", "names a pin-source: delete it, or pin-file and pin-env");
      }
      return TokenSettings.ofUri(
          uri,
          source.or(() -> pinFile),
          onePlace(token, "security-officer-pin-file", "security-officer-pin-env"),
          pinVariable,
          token.optionalText("security-officer-pin-env"));
    } catch (IllegalArgumentException e) {
      throw token.wrong("uri", "is of no use: " + e.getMessage());
    }
  }

  /** The file, if it is named; a secret in two places is an error. */
  private Optional<Path> onePlace(TomlSection token, String file, String variable)
      throws ConfigException {
    if (token.has(file) && token.has(variable)) {
      throw token.wrong(file, "and " + variable + " exclude each other: delete one");
    }
    return optionalPath(token, file);
  }

  /** The label of CK_TOKEN_INFO (PKCS#11 2.40 section 3.2). */
  private static String label(TomlSection token, TokenKind kind) throws ConfigException {
    String label = token.text("label");
    boolean plain = label.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    if (kind == TokenKind.PKCS11 && (label.length() > MAX_LABEL_CHARS || !plain)) {
      throw token.wrong("label", "takes 1 to " + MAX_LABEL_CHARS + " ASCII characters");
    }
    return label;
  }

  private AuthenticationSettings authentication(TomlSection section) throws ConfigException {
    boolean certificate = section.has("certificate-chain");
    if (certificate == section.has("psk-file")) {
      throw new ConfigException(
          file + ": [authentication] takes either \"certificate-chain\" or \"psk-file\"");
    }
    AuthenticationSettings settings =
        certificate
            ? new AuthenticationSettings.Certificate(
                path(section.text("certificate-chain"), "authentication.certificate-chain"))
            : new AuthenticationSettings.PresharedKey(
                path(section.text("psk-file"), "authentication.psk-file"));
    section.expectNoOtherKeys();
    return settings;
  }

  private GcksSettings gcks(TomlSection section) throws ConfigException {
    GcksSettings settings =
        new GcksSettings(
            IdentityText.read(section, "id"),
            optionalPath(section, "trust-anchors"),
            section.optionalText("address"),
            section.number("port", 1, MAX_PORT, DEFAULT_PORT),
            section.number("nat-port", 1, MAX_PORT, DEFAULT_NAT_PORT),
            section.optionalText("local-address"),
            section.number("local-port", 0, MAX_PORT, 0),
            section.number("local-nat-port", 0, MAX_PORT, 0));
    section.expectNoOtherKeys();
    return settings;
  }

  private Optional<MqttSettings> mqtt(TomlSection root, String memberId) throws ConfigException {
    Optional<TomlSection> found = root.optionalSection("mqtt");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    TomlSection mqtt = found.get();
    MqttSettings settings =
        new MqttSettings(
            mqtt.text("server"),
            mqtt.optionalText("client-id").orElse(memberId),
            mqtt.optionalText("user"),
            optionalPath(mqtt, "password-file"),
            optionalPath(mqtt, "trust-anchors"),
            optionalPath(mqtt, "certificate-chain"),
            optionalPath(mqtt, "private-key"));
    mqtt.expectNoOtherKeys();
    return Optional.of(settings);
  }

  private List<GroupSettings> groups(TomlSection root) throws ConfigException {
    List<GroupSettings> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (TomlSection section : root.sections("group", MAX_GROUPS)) {
      GroupSettings group = group(section);
      if (!names.add(group.name())) {
        throw section.wrong("name", "stands in two groups");
      }
      groups.add(group);
    }
    return groups;
  }

  private GroupSettings group(TomlSection group) throws ConfigException {
    GroupSettings settings =
        new GroupSettings(
            group.text("name"),
            group.choice("transport", GroupTransport.values()),
            group.optionalText("interface"),
            group.flag("sender", false),
            group.number("sender-ids", 1, MAX_SENDER_IDS, 1),
            group.flag("require-strict-custody", false),
            group.number("data-port", 1, MAX_PORT, DEFAULT_NAT_PORT),
            SocketAddressText.read(group, "listen"),
            SocketAddressText.read(group, "deliver"),
            Duration.ofSeconds(
                group.number(
                    "registration-spread-seconds", 1, MAX_SPREAD_SECONDS, SPREAD_SECONDS)));
    group.expectNoOtherKeys();
    return settings;
  }

  private Optional<Path> debug(TomlSection root) throws ConfigException {
    Optional<TomlSection> debug = root.optionalSection("debug");
    if (debug.isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> export = optionalPath(debug.get(), "insecure-key-export-dir");
    debug.get().expectNoOtherKeys();
    return export;
  }

  private void requireConsistent(AgentConfig config) throws ConfigException {
    for (GroupSettings group : config.groups()) {
      boolean mqtt = group.transport() == GroupTransport.MQTT;
      if (mqtt && config.mqtt().isEmpty()) {
        throw new ConfigException(
            file + ": the group \"" + group.name() + "\" needs the table [mqtt]");
      }
      if (!mqtt && config.gcks().address().isEmpty()) {
        throw new ConfigException(
            file + ": the group \"" + group.name() + "\" needs the key \"gcks.address\"");
      }
    }
    boolean certificate = config.authentication() instanceof AuthenticationSettings.Certificate;
    if (certificate && IdentityText.isKeyId(config.memberId())) {
      throw new ConfigException(
          file + ": no certificate proves the key id in \"agent.id\": write a name, or use a PSK");
    }
    if (certificate && config.gcks().trustAnchors().isEmpty()) {
      throw new ConfigException(
          file + ": authentication by certificate needs the key \"gcks.trust-anchors\"");
    }
  }

  private Optional<Path> optionalPath(TomlSection section, String key) throws ConfigException {
    Optional<String> text = section.optionalText(key);
    return text.isEmpty() ? Optional.empty() : Optional.of(path(text.get(), key));
  }

  private Path path(String text, String key) throws ConfigException {
    try {
      return directory.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new ConfigException(file + ": \"" + key + "\" is no path");
    }
  }
}
