package org.keyfleet.agent.registration;

import java.time.InstantSource;
import java.util.Optional;
import org.keyfleet.protocol.gikev2.GroupId;
import org.keyfleet.protocol.gikev2.GroupSender;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.Retransmission;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.pki.TrustAnchors;

/**
 * Everything about one membership that does not change between registrations.
 *
 * @param memberId our IDi
 * @param gcksId the IDr that the GCKS must prove
 * @param anchors what its certificate must lead to; empty with a PSK
 * @param sender present when we send data (RFC 9838 section 4.7.4)
 * @param suites what we offer for the IKE SA
 * @param clock the wall clock, for certificates
 * @param maxDatagramOctets longer messages are fragmented (RFC 7383)
 */
public record RegistrationProfile(
    IdPayload memberId,
    IdPayload gcksId,
    MemberCredential credential,
    Optional<TrustAnchors> anchors,
    GroupId group,
    Optional<GroupSender> sender,
    SuitePolicy suites,
    InstantSource clock,
    int maxDatagramOctets,
    Retransmission.Policy retransmission) {}
