package org.keyfleet.agent.token;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
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

/** The token that {@code agent.toml} names. */
public final class AgentToken {
  /** The key that proves who the member is; there is one. */
  public static final KeyName IDENTITY = KeyName.of("keyfleet-identity");

  private final TokenSettings settings;
  private final PinSource pin;
  private final Optional<PinMark> pinMark;
  private final SecureRandom random;

  public AgentToken(TokenSettings settings, SecureRandom random) {
    this.settings = settings;
    this.random = random;
    this.pin =
        settings.pinFile().isPresent()
            ? PinSource.file(settings.pinFile().get())
            : PinSource.prompt("token " + settings.label());
    this.pinMark = settings.pinFile().map(file -> new PinMark(file, random));
  }

  /** An open custody; the thread that calls this owns it. */
  public KeyCustody open() throws CustodyException {
    KeyCustody custody = CustodyFactory.of(config(), random);
    char[] digits = pin.pin();
    try {
      custody.open(digits);
      return custody;
    } catch (CustodyException e) {
      custody.close();
      throw e;
    } finally {
      Arrays.fill(digits, '\0');
    }
  }

  /**
   * Opens {@code custody} anew after its token was gone. Never asks for a PIN: nobody is there, and
   * the thread that would wait serves every group.
   */
  public void recover(KeyCustody custody) throws CustodyException {
    if (!hasPinFile()) {
      throw new CustodyException(
          CustodyFault.PIN, "the PIN is asked for at the start only: restart, or set pin-file");
    }
    char[] digits = pin.pin();
    try {
      custody.recover(digits);
    } finally {
      Arrays.fill(digits, '\0');
    }
  }

  /** Whether the PIN can be had without a person. */
  public boolean hasPinFile() {
    return pinMark.isPresent();
  }

  /** Changes when the PIN file does; tells nothing about the PIN. */
  public Bytes pinMark() {
    return pinMark.map(PinMark::now).orElse(Bytes.EMPTY);
  }

  /** What users know it by. */
  public String label() {
    return settings.kind() == TokenKind.SOFT
        ? String.valueOf(settings.location().getFileName())
        : settings.label();
  }

  CustodyConfig config() {
    if (settings.kind() == TokenKind.SOFT) {
      return new CustodyConfig.Soft(settings.location());
    }
    return new CustodyConfig.Pkcs11(
        Pkcs11Uri.ofToken(settings.location().toString(), settings.label()), !hasPinFile());
  }

  PinSource pin() {
    return pin;
  }

  /** A key file has no security officer. */
  PinSource securityOfficerPin() {
    if (settings.kind() == TokenKind.SOFT) {
      return () -> new char[0];
    }
    return settings.securityOfficerPinFile().isPresent()
        ? PinSource.file(settings.securityOfficerPinFile().get())
        : PinSource.prompt("security officer of token " + settings.label());
  }
}
