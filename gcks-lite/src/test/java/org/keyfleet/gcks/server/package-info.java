@NullMarked
package org.keyfleet.gcks.server;

import org.jspecify.annotations.NullMarked;
