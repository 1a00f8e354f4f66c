package org.keyfleet.agent.journal;

import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.Bytes;

/** Authenticates records with a key that never leaves the token. */
@FunctionalInterface
public interface RecordMac {
  /** At least 16 octets, always the same for the same message and key. */
  Bytes mac(Bytes message) throws CustodyException;
}
