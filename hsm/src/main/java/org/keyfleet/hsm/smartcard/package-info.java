/** Custody in a Java Card that runs our applet (module {@code hsm/applet}). */
@NullMarked
package org.keyfleet.hsm.smartcard;

import org.jspecify.annotations.NullMarked;
