package org.keyfleet.transport;

/**
 * The other end of a datagram: its source when it arrived, its destination when it is sent. Equal
 * addresses reach the same peer, so an address can be the key of a table.
 */
public sealed interface LinkAddress permits UdpAddress, MqttAddress {

  /**
   * The address as octets, for a stateless cookie (RFC 7296 section 2.6) or a table; equal
   * addresses give equal octets.
   *
   * @return a copy that the caller owns
   */
  byte[] octets();
}
