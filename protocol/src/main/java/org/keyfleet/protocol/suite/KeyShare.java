package org.keyfleet.protocol.suite;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

/** Our half of one key exchange; closing it wipes the private value where the library allows. */
public interface KeyShare extends AutoCloseable {
  KeyExchangeMethod method();

  /** What goes into the Key Exchange payload. */
  Bytes publicValue();

  /**
   * The shared secret with the owner of {@code peer}, whose value is checked first (RFC 6989); the
   * caller closes it.
   *
   * @throws MalformedMessageException when {@code peer} has another length, is not on the curve or
   *     gives the all-zero secret
   * @throws IllegalStateException after {@link #close}
   */
  SecretBytes agree(Bytes peer) throws MalformedMessageException;

  @Override
  void close();
}
