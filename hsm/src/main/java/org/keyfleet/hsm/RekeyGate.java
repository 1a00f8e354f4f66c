package org.keyfleet.hsm;

import org.keyfleet.protocol.octets.Bytes;

/**
 * A token's own check of the GCKS's rekey messages. The token keeps the Rekey SA that the member is
 * at, and moves on only by a message that the GCKS signed (ECDSA over P-256 with SHA-256), over
 * that SA, with a Message ID that was not there before. {@link KeyCustody#release} lets out the one
 * wrapped key that came with the SA.
 *
 * <p>Each move has two phases, as a rekey has: until {@link #confirm} also the SA before is good.
 * Belongs to the thread of its custody.
 */
public interface RekeyGate {
  /**
   * Begins anew at a Rekey SA that a registration brought.
   *
   * @param spi of the Rekey SA, 16 octets
   * @param nextMessageId the lowest that is new there
   * @param gcksPoint the GCKS's public key, uncompressed, 65 octets
   * @param saKey the wrapped key that is to be released
   * @throws CustodyException POLICY if the GCKS's key is not the one that the token was given, or
   *     if only the issuer may begin
   */
  void start(Bytes spi, long nextMessageId, Bytes gcksPoint, Bytes saKey) throws CustodyException;

  /**
   * Verifies a message, and moves on by it if it brings a Rekey SA or a new key of the GCKS. The
   * same message once more changes nothing.
   *
   * @param signedOctets header and inner payloads as RFC 9838 section 2.4.1.1 signs them
   * @param saKey the wrapped key of the message that is to be released; empty if it brings none
   * @throws CustodyException POLICY if the message is old, of another SA, or does not hold {@code
   *     saKey}; BAD_WRAP if the signature is not the GCKS's
   */
  void admit(Bytes signedOctets, Bytes signature, Bytes saKey) throws CustodyException;

  /** What was begun or admitted last is durable on the host: nothing before it is good any more. */
  void confirm() throws CustodyException;
}
