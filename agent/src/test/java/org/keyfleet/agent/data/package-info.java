@NullMarked
package org.keyfleet.agent.data;

import org.jspecify.annotations.NullMarked;
