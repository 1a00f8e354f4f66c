package org.keyfleet.benchmarks.fleet;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where the agents of a fleet keep their keys. */
public enum TokenKind {
  /** A PKCS#11 token of software that keeps what it unwraps. */
  SOFTHSM(true, "SoftHSM"),
  /** swtpm through tpm2-pkcs11: keeps a root. */
  TPM(false, "a TPM 2.0 (swtpm)"),
  /** Soft tokens of openCryptoki: keep a root. */
  OPENCRYPTOKI(false, "openCryptoki"),
  /** Our applet in simulated cards behind pcscd. */
  CARD(true, "smart cards"),
  /** Encrypted files. */
  SOFT(false, "encrypted files");

  private final boolean strict;
  private final String words;

  TokenKind(boolean strict, String words) {
    this.strict = strict;
    this.words = words;
  }

  /** Whether a group of strict custody takes it. */
  public boolean strict() {
    return strict;
  }

  /** What a reader understands. */
  public String words() {
    return words;
  }

  /** As it stands on a command line. */
  public String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<TokenKind> ofOption(String option) {
    return Arrays.stream(values()).filter(kind -> kind.option().equals(option)).findFirst();
  }

  public static List<String> options() {
    return Arrays.stream(values()).map(TokenKind::option).toList();
  }
}
