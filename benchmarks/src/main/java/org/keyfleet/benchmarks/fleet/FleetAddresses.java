package org.keyfleet.benchmarks.fleet;

import java.io.IOException;

/** Where a fleet's traffic goes: loopback and free ports, so that fleets do not meet. */
record FleetAddresses(
    Ports ports, int brokerPort, int registrationPort, int rekeyPort, int dataPort) {
  static final String INTERFACE = "lo";
  static final String LOOPBACK = "127.0.0.1";

  /** Organisation-local scope (RFC 2365 section 6.2). */
  static final String REKEY_GROUP = "239.192.77.1";

  static final String DATA_GROUP = "239.192.77.2";

  static final String BROKER_REKEY_GROUP = "239.192.77.3";

  static final String BROKER_DATA_GROUP = "239.192.77.4";

  static FleetAddresses free() throws IOException {
    Ports ports = new Ports();
    return new FleetAddresses(ports, ports.tcp(), ports.udp(), ports.udp(), ports.udp());
  }
}
