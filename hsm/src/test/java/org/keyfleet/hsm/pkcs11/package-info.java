@NullMarked
package org.keyfleet.hsm.pkcs11;

import org.jspecify.annotations.NullMarked;
