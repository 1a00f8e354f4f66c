package org.keyfleet.hsm;

/** How long the token keeps a key. */
public enum KeyLifetime {
  /** Until it is destroyed, the token is lost or the process ends; costs no flash. */
  SESSION,
  /** Until it is destroyed. */
  PERSISTENT
}
