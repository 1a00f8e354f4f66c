/** Tests of the smart card back end, in process and over PC/SC. */
@NullMarked
package org.keyfleet.hsm.smartcard;

import org.jspecify.annotations.NullMarked;
