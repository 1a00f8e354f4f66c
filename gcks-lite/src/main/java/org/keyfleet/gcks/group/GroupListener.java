package org.keyfleet.gcks.group;

import java.util.List;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.ike.Payload;

/** What a group tells its surroundings; every call comes after the change is durable. */
public interface GroupListener {
  /** Makes the payloads of a GSA_INBAND_REKEY for one member. */
  @FunctionalInterface
  interface InbandPayloads {
    List<Payload> under(DefaultKwk kwk) throws CustodyException;
  }

  /** A GSA_REKEY message is to be sent. */
  void messageReady(String group, RekeyMessageRow message);

  /** A member is out: its IKE SAs end. */
  void memberGone(String group, String identity);

  /** Each member with an open IKE SA gets new data SAs over it. */
  void inbandRekey(String group, InbandPayloads payloads);

  /** Rekey SA or data SAs are new. */
  void keysChanged(String group);
}
