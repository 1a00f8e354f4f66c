/** Immutable octet strings and the one bounds-checked reader and writer of all wire formats. */
@NullMarked
package org.keyfleet.protocol.octets;

import org.jspecify.annotations.NullMarked;
