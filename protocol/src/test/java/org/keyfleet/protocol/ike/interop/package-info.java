/** Plain IKEv2 peers on the public interfaces of the IKE layer, for tests against strongSwan. */
@NullMarked
package org.keyfleet.protocol.ike.interop;

import org.jspecify.annotations.NullMarked;
