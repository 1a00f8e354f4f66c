/** Opaque key references and what may be done with them. */
@NullMarked
package org.keyfleet.hsm;

import org.jspecify.annotations.NullMarked;
