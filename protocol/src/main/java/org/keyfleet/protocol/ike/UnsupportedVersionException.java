package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.MalformedMessageException;

/** The header's major version is not 2 (RFC 7296 section 2.5); 1 is IKEv1 or GDOI. */
public final class UnsupportedVersionException extends MalformedMessageException {
  private static final long serialVersionUID = 1L;

  private final int majorVersion;

  UnsupportedVersionException(int majorVersion) {
    super("IKE major version " + majorVersion);
    this.majorVersion = majorVersion;
  }

  public int majorVersion() {
    return majorVersion;
  }
}
