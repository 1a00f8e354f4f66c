package org.keyfleet.gcks.policy;

import java.time.Duration;

/**
 * One data SA of a group.
 *
 * @param lifetime after which the SA is invalid; it is replaced well before
 * @param singleSender whether sequence numbers are unique, so that receivers may check for replays
 */
public record DataSaSettings(
    String name, SaSuite suite, Duration lifetime, MulticastTarget target, boolean singleSender) {}
