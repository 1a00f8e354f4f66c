package org.keyfleet.agent.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The group controller/key server.
 *
 * @param id its identity, in the same notation as the member's
 * @param trustAnchors CA certificates in PEM that its certificate must lead to; none with a PSK
 * @param address host name or address for registration over UDP
 * @param port its port without the non-ESP marker
 * @param natPort its port with the non-ESP marker, used once a NAT is seen
 * @param localAddress the address our sockets bind to
 * @param localPort our port, 0 for any
 * @param localNatPort our port for the exchange behind a NAT, 0 for any
 */
public record GcksSettings(
    String id,
    Optional<Path> trustAnchors,
    Optional<String> address,
    int port,
    int natPort,
    Optional<String> localAddress,
    int localPort,
    int localNatPort) {}
