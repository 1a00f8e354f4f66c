@NullMarked
package org.keyfleet.gcks.interop;

import org.jspecify.annotations.NullMarked;
