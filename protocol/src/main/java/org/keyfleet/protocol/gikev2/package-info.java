/** Group policy, key downloads, key paths and the protection of rekey messages (RFC 9838). */
@NullMarked
package org.keyfleet.protocol.gikev2;

import org.jspecify.annotations.NullMarked;
