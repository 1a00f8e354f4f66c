package org.keyfleet.gcks.group;

import java.util.List;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SigningException;

/** Signs and encrypts a GSA_REKEY message. */
interface RekeySealing {
  /**
   * Seals one message into the datagrams to send: one, or fragments.
   *
   * @param sa the Rekey SA, whose next Message ID the message gets
   * @param keymat its keying material; stays the caller's
   */
  List<Bytes> seal(RekeySaRow sa, SecretBytes keymat, RekeyContent content) throws SigningException;
}
