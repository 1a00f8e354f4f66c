@NullMarked
package org.keyfleet.gcks.cli;

import org.jspecify.annotations.NullMarked;
