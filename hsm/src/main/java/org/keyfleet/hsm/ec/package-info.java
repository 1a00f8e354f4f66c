/** The curve P-256 as the back ends need it on the host. */
@NullMarked
package org.keyfleet.hsm.ec;

import org.jspecify.annotations.NullMarked;
