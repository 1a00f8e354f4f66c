/** Datagram links that carry opaque octets, with bounded queues and counters. */
@NullMarked
package org.keyfleet.transport;

import org.jspecify.annotations.NullMarked;
