@NullMarked
package org.keyfleet.gcks.policy;

import org.jspecify.annotations.NullMarked;
