@NullMarked
package org.keyfleet.agent.journal;

import org.jspecify.annotations.NullMarked;
