package org.keyfleet.agent.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One group to be a member of.
 *
 * @param name its name on the GCKS, sent as ID_KEY_ID
 * @param networkInterface where multicast is joined; empty for the system's default
 * @param sender whether we send data
 * @param senderIds how many Sender-IDs to ask for when sending
 * @param strictCustody whether a policy of custody level {@code standard} is refused
 * @param dataPort the UDP port that carries the group's ESP packets
 * @param listen where applications hand in datagrams to protect
 * @param deliver where opened datagrams go
 * @param registrationSpread over what time the group's members register when all of them must
 */
public record GroupSettings(
    String name,
    GroupTransport transport,
    Optional<String> networkInterface,
    boolean sender,
    int senderIds,
    boolean strictCustody,
    int dataPort,
    Optional<InetSocketAddress> listen,
    Optional<InetSocketAddress> deliver,
    Duration registrationSpread) {}
