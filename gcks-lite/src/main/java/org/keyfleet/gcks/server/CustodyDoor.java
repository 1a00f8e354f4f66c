package org.keyfleet.gcks.server;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.keyfleet.gcks.policy.CustodySettings;
import org.keyfleet.gcks.policy.SettingsException;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.PinMark;
import org.keyfleet.hsm.PinSource;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.protocol.octets.Bytes;

/** Opens the custody that the settings name. */
public final class CustodyDoor {
  private static final int MAX_LABEL_CHARS = 32;

  private final CustodySettings settings;
  private final CustodyConfig config;
  private final PinSource pins;
  private Optional<PinMark> pinMark = Optional.empty();

  private CustodyDoor(CustodySettings settings, CustodyConfig config, PinSource pins) {
    this.settings = settings;
    this.config = config;
    this.pins = pins;
  }

  public static CustodyDoor of(CustodySettings settings) throws SettingsException {
    CustodySettings resolved = withPinSource(settings);
    return new CustodyDoor(resolved, config(resolved), pins(resolved));
  }

  /** Makes what {@link #open} opens. */
  public void initialize(SecureRandom random) throws CustodyException {
    char[] pin = pins.pin();
    try {
      CustodyFactory.initialize(config, pin, pin, random);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  /** The opened custody; this thread owns it. */
  public KeyCustody open(SecureRandom random) throws CustodyException {
    pinMark = settings.pinFile().map(file -> new PinMark(file, random));
    KeyCustody custody = CustodyFactory.of(config, random);
    char[] pin = pins.pin();
    try {
      custody.open(pin);
      return custody;
    } catch (CustodyException e) {
      custody.close();
      throw e;
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  /** Changes when the PIN file does; tells nothing about the PIN. */
  Bytes pinMark() {
    return pinMark.map(PinMark::now).orElse(Bytes.EMPTY);
  }

  /** Opens the custody anew; never asks for a PIN, since the thread that would wait serves. */
  void recover(KeyCustody custody) throws CustodyException {
    if (asksAPerson(settings)) {
      throw new CustodyException(
          CustodyFault.PIN, "the PIN is asked for at the start only: restart, or set pin-file");
    }
    char[] pin = pins.pin();
    try {
      custody.recover(pin);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  /** Name of the server's identity key. */
  public KeyName identity() {
    return KeyName.of(settings.identityLabel());
  }

  /** With the PIN file that the URI names (RFC 7512 section 2.4). */
  private static CustodySettings withPinSource(CustodySettings settings) throws SettingsException {
    if (settings.kind() == CustodySettings.Kind.SOFT) {
      return settings;
    }
    try {
      Optional<Path> source = Pkcs11Uri.parse(settings.uri().orElseThrow()).pinFile();
      if (source.isEmpty()) {
        return settings;
      }
      if (!asksAPerson(settings)) {
        throw new SettingsException(
            "uri in [custody] names a pin-source: delete it, or pin-file and pin-env");
      }
      return new CustodySettings(
          settings.kind(),
          settings.file(),
          settings.uri(),
          source,
          settings.pinEnvironment(),
          settings.identityLabel());
    } catch (IllegalArgumentException e) {
      throw new SettingsException("uri in [custody]: " + e.getMessage());
    }
  }

  private static CustodyConfig config(CustodySettings settings) throws SettingsException {
    if (settings.kind() == CustodySettings.Kind.SOFT) {
      return new CustodyConfig.Soft(settings.file().orElseThrow());
    }
    try {
      Pkcs11Uri uri = Pkcs11Uri.parse(settings.uri().orElseThrow());
      if (uri.token().isPresent() && !isLabel(uri.token().get())) {
        throw new SettingsException(
            "uri in [custody]: a token's label has 1 to 32 ASCII characters");
      }
      return new CustodyConfig.Pkcs11(uri, asksAPerson(settings));
    } catch (IllegalArgumentException e) {
      throw new SettingsException("uri in [custody]: " + e.getMessage());
    }
  }

  /** The label of CK_TOKEN_INFO (PKCS#11 2.40 section 3.2). */
  private static boolean isLabel(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LABEL_CHARS
        && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  private static boolean asksAPerson(CustodySettings settings) {
    return settings.pinFile().isEmpty() && settings.pinEnvironment().isEmpty();
  }

  private static PinSource pins(CustodySettings settings) {
    if (settings.pinFile().isPresent()) {
      return PinSource.file(settings.pinFile().get());
    }
    if (settings.pinEnvironment().isPresent()) {
      return PinSource.environment(settings.pinEnvironment().get());
    }
    return PinSource.prompt(
        settings.uri().orElse(settings.file().map(Path::toString).orElse("the key server")));
  }
}
