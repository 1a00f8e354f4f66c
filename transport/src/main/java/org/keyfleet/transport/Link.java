package org.keyfleet.transport;

import org.jspecify.annotations.Nullable;

/**
 * A way to exchange datagrams that may be lost, doubled or reordered. Links never block a sender,
 * never grow beyond their limits and never die of bad input: what does not fit is dropped and
 * counted. All methods may be called from any thread.
 */
public interface Link extends AutoCloseable {

  /** A short name for logs and status, such as {@code udp 192.0.2.1:848}. */
  String name();

  /** Where peers reach this link; a UDP link bound to port 0 gives the port it got. */
  LinkAddress localAddress();

  /** The largest datagram that {@link #send} accepts, in octets. */
  int maxDatagramOctets();

  /**
   * The largest datagram that is expected to travel in one piece, in octets; senders that can
   * fragment (RFC 7383) stay at or below it.
   */
  int unfragmentedOctets();

  /**
   * Sends or queues a datagram to {@link Datagram#peer} and returns at once.
   *
   * @return false when the datagram was dropped: too large, queue full, no such route, link closed.
   *     {@link #counters} counts it and {@link #state} says why when it is lasting.
   */
  boolean send(Datagram datagram);

  /**
   * The same, and calls {@code delivered} once the next hop has the datagram: UDP at once, MQTT
   * when the broker has acknowledged it, which may be after a new connection. Until then a crash
   * loses it.
   *
   * @param delivered runs on any thread; it must not block and not throw
   */
  default boolean send(Datagram datagram, Runnable delivered) {
    boolean sent = send(datagram);
    if (sent) {
      delivered.run();
    }
    return sent;
  }

  /**
   * The oldest datagram that has arrived, or null at once. Asking says that the datagram before is
   * done with: MQTT acknowledges it then, and delivers it again after a crash in between.
   */
  @Nullable Datagram poll();

  /**
   * The oldest datagram that has arrived, waiting at most {@code timeoutNanos}; null after that.
   */
  @Nullable Datagram take(long timeoutNanos) throws InterruptedException;

  /**
   * Sets the one function that is called after a datagram arrived or the state changed. It runs on
   * a thread of the link and only wakes somebody up: it must not block and not throw.
   */
  void onArrival(Runnable wakeUp);

  /** How the link is now. */
  LinkState state();

  /** What the link has carried and dropped since it was opened. */
  LinkCounters counters();

  /** Frees the socket or subscription; datagrams that have arrived can still be polled. */
  @Override
  void close();
}
