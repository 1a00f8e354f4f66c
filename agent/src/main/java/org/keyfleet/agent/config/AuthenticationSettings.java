package org.keyfleet.agent.config;

import java.nio.file.Path;

/** How the member proves to the GCKS who it is. */
public sealed interface AuthenticationSettings {
  /** By the identity key in the token and a certificate chain in PEM, the member's own first. */
  record Certificate(Path chain) implements AuthenticationSettings {}

  /** By a secret shared with the GCKS, read from a file: hex digits after {@code 0x}, or a text. */
  record PresharedKey(Path secret) implements AuthenticationSettings {}
}
