package org.keyfleet.agent.group;

import java.util.Optional;

/**
 * A group for {@code status}.
 *
 * @param state one word
 * @param trouble the last thing that went wrong, until it goes right
 * @param registeredMillis how long the last registration took; -1 when it came from the journal
 */
public record GroupStatus(
    String name,
    String state,
    Optional<String> trouble,
    long registeredMillis,
    MembershipStatus membership) {}
