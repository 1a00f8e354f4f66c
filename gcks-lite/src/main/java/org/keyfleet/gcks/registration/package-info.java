/**
 * The responder's half of registration: a machine without sockets, clock or threads (RFC 7296, RFC
 * 9838).
 */
@NullMarked
package org.keyfleet.gcks.registration;

import org.jspecify.annotations.NullMarked;
