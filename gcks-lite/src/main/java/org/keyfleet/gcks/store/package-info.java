/** The server's durable state in SQLite: everything but keys, on disk before anyone sees it. */
@NullMarked
package org.keyfleet.gcks.store;

import org.jspecify.annotations.NullMarked;
