package org.keyfleet.gcks.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.keyfleet.gcks.enrolment.EnrolmentException;
import org.keyfleet.gcks.enrolment.PemFile;
import org.keyfleet.gcks.enrolment.SmallCa;
import org.keyfleet.gcks.policy.CaSettings;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.gcks.policy.SettingsException;
import org.keyfleet.gcks.policy.SettingsReader;
import org.keyfleet.gcks.server.CustodyDoor;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.protocol.octets.Bytes;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code init}: what a server needs before its first start. A configuration file that is there is
 * used as it is, so that {@code init} works on a policy of one's own; what exists is never
 * replaced.
 */
final class InitCommand {
  private static final Duration SERVER_CERTIFICATE = Duration.ofDays(825);
  private static final int PIN_OCTETS = 12;

  private InitCommand() {}

  static CommandSpec spec(Terminal terminal) {
    return Verbs.configured(
        "init",
        "Makes a CA, the server's identity key in its custody and its certificate; without a"
            + " configuration file also a commented example of one.",
        terminal,
        spec -> init(spec, terminal));
  }

  private static void init(CommandSpec spec, Terminal terminal)
      throws SettingsException, CustodyException, EnrolmentException {
    Path file = spec.findOption(Verbs.CONFIG).getValue();
    if (!Files.exists(file)) {
      example(file, terminal);
    }
    Settings settings = SettingsReader.read(file);
    CustodyDoor door = CustodyDoor.of(settings.custody());
    makeCustody(settings, door, terminal);
    try (KeyCustody custody = door.open(terminal.random())) {
      KeyRef identity =
          custody.find(door.identity()).isPresent()
              ? custody.find(door.identity()).get()
              : custody.generateIdentity(door.identity(), IdentityAlgorithm.P256);
      certify(settings, custody.publicKeyInfo(identity), terminal);
    }
  }

  /**
   * What exists stays. A PIN that was made for it in vain goes again: it would be tried on a
   * custody that counts wrong PINs.
   */
  private static void makeCustody(Settings settings, CustodyDoor door, Terminal terminal)
      throws SettingsException, CustodyException {
    Optional<Path> madePin = makePin(settings, terminal);
    boolean made = false;
    try {
      door.initialize(terminal.random());
      made = true;
      terminal.out().println("custody made");
    } catch (CustodyException e) {
      if (e.fault() != CustodyFault.EXISTS || madePin.isPresent()) {
        throw e.fault() == CustodyFault.EXISTS ? pinIsLost(madePin.get()) : e;
      }
    } finally {
      if (!made && madePin.isPresent()) {
        forget(madePin.get());
      }
    }
  }

  private static CustodyException pinIsLost(Path file) {
    return new CustodyException(
        CustodyFault.PIN, "the custody exists, but its PIN file " + file + " does not: restore it");
  }

  private static void forget(Path pinFile) throws SettingsException {
    try {
      Files.delete(pinFile);
    } catch (IOException e) {
      throw new SettingsException(pinFile + ": delete it, it holds a PIN that nothing has");
    }
  }

  private static void certify(Settings settings, Bytes spki, Terminal terminal)
      throws EnrolmentException {
    if (settings.ca().isEmpty() || settings.server().certificate().isEmpty()) {
      return;
    }
    CaSettings files = settings.ca().get();
    SmallCa ca;
    if (Files.exists(files.certificate())) {
      ca = SmallCa.load(files.certificate(), files.key(), terminal.random());
    } else {
      ca =
          SmallCa.create(
              "Keyfleet CA of " + settings.server().identity(),
              files.certificate(),
              files.key(),
              terminal.clock().instant(),
              terminal.random());
      terminal.out().println("CA made: " + files.certificate());
    }
    Path certificate = settings.server().certificate().get();
    if (!Files.exists(certificate)) {
      Bytes issued =
          ca.issue(
              settings.server().identity(), spki, terminal.clock().instant(), SERVER_CERTIFICATE);
      PemFile.write(certificate, "CERTIFICATE", issued);
      terminal.out().println("server certificate made: " + certificate);
    }
  }

  private static void example(Path file, Terminal terminal) throws SettingsException {
    try (InputStream in = SettingsReader.class.getResourceAsStream("gcks.toml")) {
      if (in == null) {
        throw new SettingsException("the example configuration is missing from the program");
      }
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      Files.write(file, in.readAllBytes(), StandardOpenOption.CREATE_NEW);
      terminal.out().println("example configuration made: " + file);
    } catch (IOException e) {
      throw new SettingsException(file + ": cannot be written; check its directory");
    }
  }

  /** A PIN file that the configuration names and that is not there gets a random PIN. */
  private static Optional<Path> makePin(Settings settings, Terminal terminal)
      throws SettingsException {
    if (settings.custody().pinFile().isEmpty()
        || Files.exists(settings.custody().pinFile().get())) {
      return Optional.empty();
    }
    Path file = settings.custody().pinFile().get();
    byte[] pin = new byte[PIN_OCTETS];
    terminal.random().nextBytes(pin);
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, (HexFormat.of().formatHex(pin) + "\n").getBytes(StandardCharsets.US_ASCII));
      return Optional.of(file);
    } catch (IOException e) {
      throw new SettingsException(file + ": cannot be written; check its directory");
    }
  }
}
