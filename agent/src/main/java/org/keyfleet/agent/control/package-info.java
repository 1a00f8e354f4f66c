/** The agent's local socket: one JSON object a line asks, one JSON object a line answers. */
@NullMarked
package org.keyfleet.agent.control;

import org.jspecify.annotations.NullMarked;
