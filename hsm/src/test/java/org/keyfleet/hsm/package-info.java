@NullMarked
package org.keyfleet.hsm;

import org.jspecify.annotations.NullMarked;
