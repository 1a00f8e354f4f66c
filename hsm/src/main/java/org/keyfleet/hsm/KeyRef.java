package org.keyfleet.hsm;

/**
 * An opaque reference to a key, made by one {@link KeyCustody} and good only there. It ends with
 * the incarnation that made it: after {@link KeyCustody#recover} it answers {@link
 * CustodyFault#TOKEN_GONE} and must be found or unwrapped anew.
 */
public interface KeyRef {
  KeyName name();

  KeyRole role();

  KeyLifetime lifetime();

  /** Counts the times that the custody was opened or recovered. */
  int incarnation();
}
