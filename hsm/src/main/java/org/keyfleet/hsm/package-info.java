/**
 * Opaque key references and what may be done with them: {@link org.keyfleet.hsm.KeyCustody}, made
 * by {@link org.keyfleet.hsm.CustodyFactory}.
 */
@NullMarked
package org.keyfleet.hsm;

import org.jspecify.annotations.NullMarked;
