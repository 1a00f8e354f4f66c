package org.keyfleet.agent.registration;

import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * What a registration brought; it fits the rules of RFC 9838 section 5, nothing is installed yet.
 *
 * @param keyWrap what {@code gskW} wraps with
 * @param gskW the default key wrap key of the IKE SA; belongs to the receiver, who closes it
 * @param keyfleetPeer whether private-use attributes mean anything
 * @param tunnel whether data SAs are of tunnel mode
 */
public record RegistrationResult(
    GroupPolicy policy,
    KeyDownload keys,
    KeyWrap keyWrap,
    SecretBytes gskW,
    boolean keyfleetPeer,
    boolean tunnel) {}
