/** The commands of keyfleet-agent as a user meets them. */
@NullMarked
package org.keyfleet.agent.cli;

import org.jspecify.annotations.NullMarked;
