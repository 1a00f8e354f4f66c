package org.keyfleet.gcks.policy;

/** How members authenticate GSA_REKEY messages (RFC 9838 section 4.4.2.1.1). */
public enum RekeyAuthentication {
  IMPLICIT,
  DIGITAL_SIGNATURE
}
