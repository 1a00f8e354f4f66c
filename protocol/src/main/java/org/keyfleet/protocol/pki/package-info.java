/** X.509 certificate chains and what a peer proves with them. */
@NullMarked
package org.keyfleet.protocol.pki;

import org.jspecify.annotations.NullMarked;
