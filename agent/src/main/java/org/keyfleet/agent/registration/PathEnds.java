package org.keyfleet.agent.registration;

import org.keyfleet.protocol.ike.NatDetection;

/** Both ends of a UDP path as we see them, for NAT detection (RFC 7296 section 2.23). */
public record PathEnds(NatDetection.Endpoint local, NatDetection.Endpoint remote) {}
