/** Prepares the agent's classes for the device runtime, when it is built. */
@NullMarked
package org.keyfleet.images;

import org.jspecify.annotations.NullMarked;
