package org.keyfleet.hsm.soft;

import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * How the key that seals a key file is had again at each open: from the PIN, or through a token.
 * What stands in the file for it is in clear and of no use alone.
 */
public interface StoreSeal {
  /** Octets of the key. */
  int KEY_OCTETS = 32;

  /** The version in the file's header, which tells the ways apart. */
  int version();

  /** Octets that stand in the header for it. */
  int headerOctets();

  /** These octets for a new file. */
  Bytes newHeader();

  /**
   * The key that belongs to a header; the caller closes it.
   *
   * @throws CustodyException INTERNAL if the header is none of ours
   */
  SecretBytes key(Bytes header) throws CustodyException;

  /** What is thrown when the content does not open under the key. */
  CustodyException refusal(Throwable cause);
}
