package org.keyfleet.hsm;

import java.util.Set;

/**
 * A token as it describes itself, without a login.
 *
 * @param label empty while it is not initialised
 * @param uri names this token and no other: a PKCS #11 URI (RFC 7512), for a key file its path
 */
public record TokenDescription(
    String label,
    String manufacturer,
    String model,
    String serial,
    String uri,
    Set<TokenFlag> flags) {
  public TokenDescription {
    flags = Set.copyOf(flags);
  }

  public boolean is(TokenFlag flag) {
    return flags.contains(flag);
  }
}
