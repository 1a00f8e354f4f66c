/** The agent's log on a device: lines on standard error. */
@NullMarked
package org.keyfleet.agent.log;

import org.jspecify.annotations.NullMarked;
