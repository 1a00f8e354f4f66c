/** The operator's configuration file, read once and checked whole. */
@NullMarked
package org.keyfleet.gcks.policy;

import org.jspecify.annotations.NullMarked;
