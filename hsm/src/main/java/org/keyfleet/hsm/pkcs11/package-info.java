/** Custody in PKCS#11 tokens, through ipkcs11wrapper. */
@NullMarked
package org.keyfleet.hsm.pkcs11;

import org.jspecify.annotations.NullMarked;
