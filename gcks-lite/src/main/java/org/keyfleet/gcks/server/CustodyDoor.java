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
    return new CustodyDoor(settings, config(settings), pins(settings));
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

  private static CustodyConfig config(CustodySettings settings) throws SettingsException {
    if (settings.kind() == CustodySettings.Kind.SOFT) {
      return new CustodyConfig.Soft(settings.file().orElseThrow());
    }
    try {
      return new CustodyConfig.Pkcs11(
          Pkcs11Uri.parse(settings.uri().orElseThrow()), asksAPerson(settings));
    } catch (IllegalArgumentException e) {
      throw new SettingsException("uri in [custody]: " + e.getMessage());
    }
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
