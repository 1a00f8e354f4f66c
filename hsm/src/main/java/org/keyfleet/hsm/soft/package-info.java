/** Custody in host memory and one encrypted file, for hosts without a token. */
@NullMarked
package org.keyfleet.hsm.soft;

import org.jspecify.annotations.NullMarked;
