/** The running agent: one owner thread, its links, its token, its control socket. */
@NullMarked
package org.keyfleet.agent.run;

import org.jspecify.annotations.NullMarked;
