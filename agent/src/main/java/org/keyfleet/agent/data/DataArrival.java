package org.keyfleet.agent.data;

import org.keyfleet.protocol.octets.Bytes;

/** What became of a packet from the network. */
public sealed interface DataArrival {
  /** Opened and new: for the application. */
  record Deliver(Bytes payload) implements DataArrival {}

  /** Of an SA that we do not have; the SPI may be one that the GCKS promised (GSA_NEXT_SPI). */
  record UnknownSpi(Bytes spi) implements DataArrival {}

  /** Replayed, our own, damaged or not authentic: counted. */
  record Dropped() implements DataArrival {}
}
