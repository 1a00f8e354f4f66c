/** Key octets in host memory, held in one place and wiped. */
@NullMarked
package org.keyfleet.protocol.secret;

import org.jspecify.annotations.NullMarked;
