@NullMarked
package org.keyfleet.agent.cli;

import org.jspecify.annotations.NullMarked;
