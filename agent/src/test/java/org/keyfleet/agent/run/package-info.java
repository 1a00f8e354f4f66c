@NullMarked
package org.keyfleet.agent.run;

import org.jspecify.annotations.NullMarked;
