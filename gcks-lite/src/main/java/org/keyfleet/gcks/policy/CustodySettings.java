package org.keyfleet.gcks.policy;

import java.nio.file.Path;
import java.util.Optional;

/** Where the server's identity key and its groups' masters live. */
public record CustodySettings(
    Kind kind,
    Optional<Path> file,
    Optional<String> uri,
    Optional<Path> pinFile,
    Optional<String> pinEnvironment,
    String identityLabel) {
  /** The back end. */
  public enum Kind {
    SOFT,
    PKCS11
  }
}
