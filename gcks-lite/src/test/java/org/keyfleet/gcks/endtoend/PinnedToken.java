package org.keyfleet.gcks.endtoend;

import org.keyfleet.agent.token.WatchedToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.octets.Bytes;

/** A token whose PIN is as if in a file. */
final class PinnedToken implements WatchedToken {
  String pin;

  PinnedToken(String pin) {
    this.pin = pin;
  }

  @Override
  public String label() {
    return "the member's token";
  }

  @Override
  public boolean hasPin() {
    return true;
  }

  @Override
  public Bytes pinMark() {
    return Bytes.ofUtf8("mark of " + pin);
  }

  @Override
  public void recover(KeyCustody custody) throws CustodyException {
    custody.recover(pin.toCharArray());
  }
}
