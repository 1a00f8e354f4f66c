/** IKEv2 (RFC 7296) as far as G-IKEv2 needs it: messages, protection, key schedule, negotiation. */
@NullMarked
package org.keyfleet.protocol.ike;

import org.jspecify.annotations.NullMarked;
