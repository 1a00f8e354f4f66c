package org.keyfleet.protocol.ike;

import org.keyfleet.protocol.octets.Bytes;

/** A received message without encryption: IKE_SA_INIT, or a notify outside any IKE SA. */
public record ClearMessage(IkeHeader header, PayloadList payloads, Bytes octets)
    implements InboundMessage {}
