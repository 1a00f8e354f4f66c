/** The applet from outside: raw commands to a simulated card. */
@NullMarked
package org.keyfleet.applet;

import org.jspecify.annotations.NullMarked;
