@NullMarked
package org.keyfleet.gcks.store;

import org.jspecify.annotations.NullMarked;
