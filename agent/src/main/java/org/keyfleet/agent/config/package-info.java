/** The agent's configuration: one TOML file, every key checked. */
@NullMarked
package org.keyfleet.agent.config;

import org.jspecify.annotations.NullMarked;
