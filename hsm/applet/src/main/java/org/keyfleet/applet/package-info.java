/** The card's half of custody: keys, roles and releases inside a Java Card 3.0.5 classic card. */
package org.keyfleet.applet;
