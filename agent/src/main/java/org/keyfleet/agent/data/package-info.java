/** User-space ESP: Data-Security SAs, their keys, counters, replay windows and timers. */
@NullMarked
package org.keyfleet.agent.data;

import org.jspecify.annotations.NullMarked;
