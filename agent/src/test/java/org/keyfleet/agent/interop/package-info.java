/** The agent's registration machine against strongSwan. */
@NullMarked
package org.keyfleet.agent.interop;

import org.jspecify.annotations.NullMarked;
