package org.keyfleet.protocol.gikev2;

import org.keyfleet.protocol.octets.Bytes;

/**
 * What the GCKS signed of a GSA_REKEY and how, for somebody who does not believe us: a token that
 * verifies the message itself.
 *
 * @param octets {@code A | P} of RFC 9838 section 2.4.1.1, the signature zeroed
 */
public record SignedRekey(Bytes octets, Bytes signature) {
  /** Without content: it holds wrapped keys. */
  @Override
  public String toString() {
    return "SignedRekey[" + octets.size() + " octets]";
  }
}
