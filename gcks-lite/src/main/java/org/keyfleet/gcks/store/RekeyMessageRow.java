package org.keyfleet.gcks.store;

import java.util.List;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A GSA_REKEY message as it is sent, each copy bitwise identical (RFC 9838 section 2.4.1.3).
 *
 * @param rekeySpi the Rekey SA that protects it
 * @param wraps wrapped keys in it
 * @param copiesLeft sendings that are still due
 * @param datagrams one, or the fragments (RFC 7383)
 */
public record RekeyMessageRow(
    long sequence,
    Bytes rekeySpi,
    long messageId,
    String reason,
    int wraps,
    long createdMillis,
    int copiesLeft,
    List<Bytes> datagrams) {
  public RekeyMessageRow {
    datagrams = List.copyOf(datagrams);
  }

  /** The same message with its place in the rekey log. */
  public RekeyMessageRow numbered(long newSequence) {
    return new RekeyMessageRow(
        newSequence, rekeySpi, messageId, reason, wraps, createdMillis, copiesLeft, datagrams);
  }

  public int octets() {
    return datagrams.stream().mapToInt(Bytes::size).sum();
  }
}
