/** The cryptographic transforms, on Bouncy Castle's lightweight API. */
@NullMarked
package org.keyfleet.protocol.suite;

import org.jspecify.annotations.NullMarked;
