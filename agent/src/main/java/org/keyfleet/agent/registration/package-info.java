/** The member's side of registration, as a pure machine: events in, state and actions out. */
@NullMarked
package org.keyfleet.agent.registration;

import org.jspecify.annotations.NullMarked;
