@NullMarked
package org.keyfleet.agent.group;

import org.jspecify.annotations.NullMarked;
