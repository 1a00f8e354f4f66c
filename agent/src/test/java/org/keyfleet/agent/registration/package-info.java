@NullMarked
package org.keyfleet.agent.registration;

import org.jspecify.annotations.NullMarked;
