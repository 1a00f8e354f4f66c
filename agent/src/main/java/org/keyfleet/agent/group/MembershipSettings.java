package org.keyfleet.agent.group;

import java.nio.file.Path;
import org.keyfleet.hsm.KeyName;

/**
 * What does not change over a membership.
 *
 * @param identity our identity key in the token
 * @param journal the membership's journal file
 * @param sender whether we send data
 * @param requireStrict whether a policy of custody level standard is refused
 * @param insecureTestPauseMillis how long to wait between the token's work and the journal's, so
 *     that a test can kill the process there; 0 in earnest
 */
public record MembershipSettings(
    KeyName identity,
    Path journal,
    boolean sender,
    boolean requireStrict,
    long insecureTestPauseMillis) {}
