/** What other modules' tests need of custody: SoftHSM tokens, and the contract of back ends. */
@NullMarked
package org.keyfleet.hsm.testkit;

import org.jspecify.annotations.NullMarked;
