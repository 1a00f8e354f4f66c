/** The member's token as the configuration names it, and how a new one is made. */
@NullMarked
package org.keyfleet.agent.token;

import org.jspecify.annotations.NullMarked;
