package org.keyfleet.agent.token;

import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/** A token that may go and come back while the agent runs. */
public interface WatchedToken {
  /** What users know it by. */
  String label();

  /** Whether the PIN can be had without a person. */
  boolean hasPin();

  /** Changes when the PIN may have changed; tells nothing about it. */
  Bytes pinMark();

  /** Opens {@code custody} anew after its token was gone; asks nobody for a PIN. */
  void recover(KeyCustody custody) throws CustodyException;
}
