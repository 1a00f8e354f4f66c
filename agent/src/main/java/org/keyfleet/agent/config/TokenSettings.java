package org.keyfleet.agent.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;

/**
 * Where keys are kept.
 *
 * @param location the PKCS#11 library, or the soft store's file; empty for a card
 * @param label what the user knows the token by; for a card a part of the reader's name
 * @param pinFile a file with the PIN on its first line; without it and {@code pinVariable} the PIN
 *     is asked for
 * @param securityOfficerPinFile the same for the security officer, for {@code init} only
 * @param uri the PKCS#11 token; empty for the one of {@code location} and {@code label}
 * @param pinVariable the environment variable that holds the PIN
 * @param securityOfficerPinVariable the same for the security officer
 * @param keyFile where the keys lie that the token cannot keep, if it is such a one
 */
public record TokenSettings(
    TokenKind kind,
    Path location,
    String label,
    Optional<Path> pinFile,
    Optional<Path> securityOfficerPinFile,
    Optional<Pkcs11Uri> uri,
    Optional<String> pinVariable,
    Optional<String> securityOfficerPinVariable,
    Optional<Path> keyFile) {

  /** A token without a place for keys that it cannot keep. */
  public TokenSettings(
      TokenKind kind,
      Path location,
      String label,
      Optional<Path> pinFile,
      Optional<Path> securityOfficerPinFile,
      Optional<Pkcs11Uri> uri,
      Optional<String> pinVariable,
      Optional<String> securityOfficerPinVariable) {
    this(
        kind,
        location,
        label,
        pinFile,
        securityOfficerPinFile,
        uri,
        pinVariable,
        securityOfficerPinVariable,
        Optional.empty());
  }

  /** A token that is named by library and label, with its PINs in files. */
  public TokenSettings(
      TokenKind kind,
      Path location,
      String label,
      Optional<Path> pinFile,
      Optional<Path> securityOfficerPinFile) {
    this(
        kind,
        location,
        label,
        pinFile,
        securityOfficerPinFile,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A PKCS#11 token by its URI, which names the library too. */
  public static TokenSettings ofUri(
      Pkcs11Uri uri,
      Optional<Path> pinFile,
      Optional<Path> securityOfficerPinFile,
      Optional<String> pinVariable,
      Optional<String> securityOfficerPinVariable) {
    String library =
        uri.modulePath()
            .orElseThrow(() -> new IllegalArgumentException("PKCS#11 URI: module-path is missing"));
    Pkcs11Uri bare = new Pkcs11Uri(uri.path(), Map.of());
    return new TokenSettings(
        TokenKind.PKCS11,
        Path.of(library),
        uri.token().orElse(bare.toString()),
        pinFile,
        securityOfficerPinFile,
        Optional.of(uri),
        pinVariable,
        securityOfficerPinVariable);
  }

  public TokenSettings withKeyFile(Optional<Path> file) {
    return new TokenSettings(
        kind,
        location,
        label,
        pinFile,
        securityOfficerPinFile,
        uri,
        pinVariable,
        securityOfficerPinVariable,
        file);
  }
}
