/** The agent's journal: what survives a restart, ciphertext and numbers only. */
@NullMarked
package org.keyfleet.agent.journal;

import org.jspecify.annotations.NullMarked;
