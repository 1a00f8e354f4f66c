@NullMarked
package org.keyfleet.agent.config;

import org.jspecify.annotations.NullMarked;
