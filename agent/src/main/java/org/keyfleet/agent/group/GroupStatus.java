package org.keyfleet.agent.group;

import java.util.Optional;
import org.keyfleet.agent.registration.FailureReason;

/**
 * A group for {@code status}.
 *
 * @param state one word
 * @param trouble the last thing that went wrong, until it goes right
 * @param failure why the last registration failed, until one succeeds
 * @param registeredMillis how long the last registration took; -1 when it came from the journal
 */
public record GroupStatus(
    String name,
    String state,
    Optional<String> trouble,
    Optional<FailureReason> failure,
    long registeredMillis,
    MembershipStatus membership) {}
