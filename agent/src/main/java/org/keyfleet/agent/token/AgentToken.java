package org.keyfleet.agent.token;

import java.io.IOException;
import java.lang.System.Logger.Level;
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
import org.keyfleet.hsm.PinFile;
import org.keyfleet.hsm.PinMark;
import org.keyfleet.hsm.PinSource;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenFlag;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.smartcard.PcscReader;
import org.keyfleet.protocol.octets.Bytes;

/** The token that {@code agent.toml} or the command line names. */
public final class AgentToken implements WatchedToken {
  /** The key that proves who the member is; there is one. */
  public static final KeyName IDENTITY = KeyName.of("keyfleet-identity");

  private final TokenSettings settings;
  private final PinSource pin;
  private final Optional<PinMark> pinMark;
  private final SecureRandom random;

  public AgentToken(TokenSettings settings, SecureRandom random) {
    this.settings = settings;
    this.random = random;
    this.pin = pinSource(settings);
    this.pinMark = settings.pinFile().map(file -> new PinMark(file, random));
  }

  /** An open custody; the thread that calls this owns it. */
  public KeyCustody open() throws CustodyException {
    KeyCustody custody = CustodyFactory.of(config(), random);
    boolean opened = false;
    try {
      login(custody, false);
      opened = true;
      return custody;
    } finally {
      if (!opened) {
        custody.close();
      }
    }
  }

  /**
   * Opens {@code custody} anew after its token was gone. Never asks for a PIN: nobody is there, and
   * the thread that would wait serves every group.
   */
  @Override
  public void recover(KeyCustody custody) throws CustodyException {
    if (!hasPin()) {
      throw new CustodyException(
          CustodyFault.PIN,
          "the PIN is asked for at the start only: restart, or set pin-file or pin-env");
    }
    login(custody, true);
  }

  @Override
  public boolean hasPin() {
    return settings.pinFile().isPresent() || settings.pinVariable().isPresent();
  }

  /** Changes when the PIN file does. */
  @Override
  public Bytes pinMark() {
    return pinMark.map(PinMark::now).orElse(Bytes.EMPTY);
  }

  @Override
  public String label() {
    return switch (settings.kind()) {
      case SOFT -> String.valueOf(settings.location().getFileName());
      case PKCS11 -> settings.label();
      case CARD -> settings.label().isEmpty() ? "card" : "card in " + settings.label();
    };
  }

  public CustodyConfig config() {
    if (settings.kind() == TokenKind.SOFT) {
      return new CustodyConfig.Soft(settings.location());
    }
    if (settings.kind() == TokenKind.CARD) {
      return new CustodyConfig.Card(new PcscReader(settings.label()), !hasPin());
    }
    Pkcs11Uri uri =
        settings.uri().isPresent()
            ? settings.uri().get()
            : Pkcs11Uri.ofToken(settings.location().toString(), settings.label());
    return new CustodyConfig.Pkcs11(uri, !hasPin(), settings.keyFile());
  }

  /** Where its PIN comes from. */
  public PinSource pin() {
    return pin;
  }

  /** Its PIN file, for those who change the PIN. */
  public Optional<PinFile> pinFile() {
    return settings.pinFile().map(PinFile::new);
  }

  /** A key file has no security officer. */
  public PinSource securityOfficerPin() {
    if (settings.kind() == TokenKind.SOFT) {
      return () -> new char[0];
    }
    if (settings.securityOfficerPinFile().isPresent()) {
      return PinSource.file(settings.securityOfficerPinFile().get());
    }
    return settings.securityOfficerPinVariable().isPresent()
        ? PinSource.environment(settings.securityOfficerPinVariable().get())
        : PinSource.prompt("security officer of token " + label());
  }

  private PinSource pinSource(TokenSettings from) {
    if (from.pinFile().isPresent()) {
      return PinSource.file(from.pinFile().get());
    }
    return from.pinVariable().isPresent()
        ? PinSource.environment(from.pinVariable().get())
        : () -> asked("token " + label());
  }

  /** Not here if the token has a pad of its own; one that is still to be made has none. */
  private char[] asked(String what) throws CustodyException {
    boolean pad = false;
    try {
      pad = TokenAdmin.describe(config()).is(TokenFlag.PROTECTED_AUTHENTICATION_PATH);
    } catch (CustodyException e) {
      if (e.fault() != CustodyFault.TOKEN_GONE) {
        throw e;
      }
    }
    return pad ? new char[0] : PinSource.prompt(what).pin();
  }

  /**
   * With the PIN of the file, and where a change of the PIN was cut off, with the one that the
   * token may have got already.
   */
  private void login(KeyCustody custody, boolean again) throws CustodyException {
    try {
      login(custody, again, pin);
    } catch (CustodyException e) {
      Optional<PinFile> file = pinFile();
      if (e.fault() != CustodyFault.PIN || file.isEmpty() || !file.get().isPending()) {
        throw e;
      }
      login(custody, again, file.get().pending());
      finish(file.get());
    }
  }

  private static void login(KeyCustody custody, boolean again, PinSource source)
      throws CustodyException {
    char[] digits = source.pin();
    try {
      if (again) {
        custody.recover(digits);
      } else {
        custody.open(digits);
      }
    } finally {
      Arrays.fill(digits, '\0');
    }
  }

  /** The PIN is known to be right: that the files are not is no reason to stop. */
  private static void finish(PinFile file) {
    try {
      file.commit();
    } catch (IOException e) {
      System.getLogger(AgentToken.class.getName())
          .log(Level.WARNING, "PIN file {0}: move {0}.new in its place, it holds the PIN", file);
    }
  }
}
