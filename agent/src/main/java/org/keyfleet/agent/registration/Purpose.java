package org.keyfleet.agent.registration;

/** Why an IKE SA is made. */
public enum Purpose {
  /** To join the group, by GSA_AUTH. */
  REGISTER,
  /** To leave it: a childless IKE_AUTH (RFC 6023), then GSA_REGISTRATION (RFC 9838 figure 8). */
  LEAVE,
  /** A childless IKE_AUTH and nothing more, against a plain IKEv2 peer. */
  AUTHENTICATE
}
