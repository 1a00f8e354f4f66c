/** A card with our applet in this process, also for the tests of other modules. */
@NullMarked
package org.keyfleet.applet.testkit;

import org.jspecify.annotations.NullMarked;
