/** Links and their bounded inbound queues. */
@NullMarked
package org.keyfleet.transport;

import org.jspecify.annotations.NullMarked;
