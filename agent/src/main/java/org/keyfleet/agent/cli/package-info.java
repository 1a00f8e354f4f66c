/** The commands of {@code keyfleet-agent}. */
@NullMarked
package org.keyfleet.agent.cli;

import org.jspecify.annotations.NullMarked;
