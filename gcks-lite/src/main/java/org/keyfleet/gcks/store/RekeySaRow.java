package org.keyfleet.gcks.store;

import org.keyfleet.protocol.octets.Bytes;

/**
 * A group's Rekey SA without its keys.
 *
 * @param serial names its keying material
 * @param spi 16 octets, the SPI pair of the GSA_REKEY header
 * @param nextMessageId Message ID of the next message
 * @param releaserKeyId Key ID of the releaser R in a strict group, else 0
 * @param nextSpi announced by GSA_NEXT_SPI for the replacement
 */
public record RekeySaRow(
    long serial,
    Bytes spi,
    long nextMessageId,
    long expiresMillis,
    long refreshMillis,
    long releaserKeyId,
    Bytes nextSpi) {
  public RekeySaRow withNextMessageId(long id) {
    return new RekeySaRow(serial, spi, id, expiresMillis, refreshMillis, releaserKeyId, nextSpi);
  }

  public RekeySaRow withNextSpi(Bytes next) {
    return new RekeySaRow(
        serial, spi, nextMessageId, expiresMillis, refreshMillis, releaserKeyId, next);
  }
}
