package org.keyfleet.gcks.registration;

import org.keyfleet.protocol.ike.IkeSaKeys;
import org.keyfleet.protocol.ike.IkeSpi;
import org.keyfleet.protocol.ike.IkeSuite;

/** Takes the keys of each new IKE SA, for the insecure key export; nobody does by default. */
@FunctionalInterface
public interface KeyLog {
  KeyLog NONE = (initiator, responder, suite, keys) -> {};

  /**
   * Takes the keys of an IKE SA that a peer has just authenticated on.
   *
   * @param keys stay the responder's
   */
  void insecureIkeSa(IkeSpi initiator, IkeSpi responder, IkeSuite suite, IkeSaKeys keys);
}
