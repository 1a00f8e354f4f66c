package org.keyfleet.transport;

/**
 * What a link has carried and dropped since it was opened, in datagrams.
 *
 * @param sent handed to the network
 * @param received queued for the owner
 * @param droppedOutbound not sent: too large, queue full, no route, not connected
 * @param droppedInbound arrived while the inbound queue was full
 * @param refusedInbound arrived, but not for this link: wrong source or topic, too large
 */
public record LinkCounters(
    long sent, long received, long droppedOutbound, long droppedInbound, long refusedInbound) {}
