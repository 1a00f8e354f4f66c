/** A network in memory with loss, doubling, reordering and delay, driven by a fake clock. */
@NullMarked
package org.keyfleet.transport.memory;

import org.jspecify.annotations.NullMarked;
