@NullMarked
package org.keyfleet.agent.log;

import org.jspecify.annotations.NullMarked;
