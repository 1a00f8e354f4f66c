package org.keyfleet.transport;

/**
 * Bounds of a queue; whichever is reached first holds.
 *
 * @param datagrams most datagrams held
 * @param octets most octets held, over all datagrams
 */
public record QueueLimits(int datagrams, int octets) {
  /** For a device: 128 datagrams, 256 KiB. */
  public static final QueueLimits DEVICE = new QueueLimits(128, 256 * 1024);

  /** For a key server: 4096 datagrams, 8 MiB. */
  public static final QueueLimits SERVER = new QueueLimits(4096, 8 * 1024 * 1024);

  public QueueLimits {
    if (datagrams < 1 || octets < 1) {
      throw new IllegalArgumentException("queue limits must be positive");
    }
  }
}
