/** UDP links, unicast and multicast, IPv4 and IPv6, on one selector thread. */
@NullMarked
package org.keyfleet.transport.udp;

import org.jspecify.annotations.NullMarked;
