package org.keyfleet.gcks.policy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The server itself.
 *
 * @param identity its IDr, a domain name
 * @param certificate its chain, leaf first (PEM); without one only PSK members can register
 * @param trustAnchors the CAs of the members' certificates (PEM)
 * @param pskFile a TOML file {@code [psk] "identity" = "secret"}
 * @param halfOpenThreshold half-open IKE SAs above which a COOKIE is demanded
 * @param halfOpenLimit most half-open IKE SAs
 * @param ikeSaLimit most established IKE SAs
 * @param ikeSaLinger how long an IKE SA stays after a registration when nothing keeps it
 * @param fragmentOctets largest datagram; longer messages go in fragments (RFC 7383)
 */
public record ServerSettings(
    String identity,
    Optional<Path> certificate,
    Optional<Path> trustAnchors,
    Optional<Path> pskFile,
    Path stateDirectory,
    Path adminSocket,
    int halfOpenThreshold,
    int halfOpenLimit,
    int ikeSaLimit,
    Duration ikeSaLinger,
    int fragmentOctets) {}
