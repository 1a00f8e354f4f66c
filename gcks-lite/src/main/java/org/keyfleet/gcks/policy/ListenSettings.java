package org.keyfleet.gcks.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * Where registrations arrive by UDP.
 *
 * @param port the port without the non-ESP marker: 848, 500 or a high one; 0 for none
 * @param natPort the port with the marker (4500, RFC 7296 section 2.23); 0 for none
 */
public record ListenSettings(List<InetAddress> addresses, int port, int natPort) {
  public ListenSettings {
    addresses = List.copyOf(addresses);
  }
}
