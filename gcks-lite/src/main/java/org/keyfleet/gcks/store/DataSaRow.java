package org.keyfleet.gcks.store;

/**
 * A data SA without its keys.
 *
 * @param name of its table in the policy
 * @param serial names its keying material
 * @param spi 32 bits, over 255
 * @param nextSpi announced by GSA_NEXT_SPI for the replacement
 */
public record DataSaRow(
    String name, long serial, long spi, long expiresMillis, long refreshMillis, long nextSpi) {
  public DataSaRow withNextSpi(long next) {
    return new DataSaRow(name, serial, spi, expiresMillis, refreshMillis, next);
  }
}
