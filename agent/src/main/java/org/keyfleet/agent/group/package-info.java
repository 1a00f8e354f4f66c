/** A member of one group: its keys in the token, its SAs, its journal, its timers. */
@NullMarked
package org.keyfleet.agent.group;

import org.jspecify.annotations.NullMarked;
