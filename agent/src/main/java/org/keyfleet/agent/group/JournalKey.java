package org.keyfleet.agent.group;

import org.keyfleet.agent.journal.RecordMac;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;

/**
 * The journal's MAC key: derived in the token from the group's root key, so that it costs no
 * persistent object, and a journal of an earlier registration, whose root is gone, is not
 * authentic.
 */
final class JournalKey implements RecordMac {
  private static final Bytes LABEL = Bytes.ofUtf8("keyfleet journal 1");

  private final KeyCustody custody;
  private final TokenPath names;
  private final KeyName root;
  private KeyRef key;

  private JournalKey(KeyCustody custody, TokenPath names, KeyName root, KeyRef key) {
    this.custody = custody;
    this.names = names;
    this.root = root;
    this.key = key;
  }

  static JournalKey of(KeyCustody custody, TokenPath names, KeyName root) throws CustodyException {
    return new JournalKey(custody, names, root, derive(custody, names, root));
  }

  @Override
  public Bytes mac(Bytes message) throws CustodyException {
    return custody.mac(key, message);
  }

  /** After {@code recover}. */
  void renew() throws CustodyException {
    key = derive(custody, names, root);
  }

  /** Destroys the session object. */
  void destroy() {
    try {
      custody.destroy(key);
    } catch (CustodyException e) {
      // it ends with the token's session, which is gone then
      return;
    }
  }

  private static KeyRef derive(KeyCustody custody, TokenPath names, KeyName root)
      throws CustodyException {
    return custody.derive(names.find(root), LABEL, names.freshName("kf.journal"), KeyRole.MAC);
  }
}
