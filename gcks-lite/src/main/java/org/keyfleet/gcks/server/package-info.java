/** The running server: one thread that owns groups, IKE SAs, store and custody. */
@NullMarked
package org.keyfleet.gcks.server;

import org.jspecify.annotations.NullMarked;
