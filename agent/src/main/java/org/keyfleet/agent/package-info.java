/** The member's command line and life cycle. */
@NullMarked
package org.keyfleet.agent;

import org.jspecify.annotations.NullMarked;
