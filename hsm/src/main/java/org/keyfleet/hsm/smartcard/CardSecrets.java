package org.keyfleet.hsm.smartcard;

import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** Secret keys in the card. */
final class CardSecrets {
  /** What the card gathers of one command, less parent, point and the lengths before it. */
  private static final int MAX_LABEL_OCTETS = 200;

  private final CardSession session;

  CardSecrets(CardSession session) {
    this.session = session;
  }

  void put(CardKey made, SecretBytes key) throws CustodyException {
    Bytes name = name(made);
    byte[] data = new byte[1 + key.size() + name.size()];
    data[0] = (byte) key.size();
    key.run(octets -> System.arraycopy(octets, 0, data, 1, octets.length));
    name.copyTo(data, 1 + key.size());
    session.sendSecret("take " + made.name(), Ins.PUT_KEY, made.slot(), role(made), data);
  }

  void generate(CardKey made) throws CustodyException {
    Bytes name = name(made);
    Bytes data = Bytes.concat(Bytes.of(name.size()), name);
    session.send("make " + made.name(), Ins.GENERATE_SECRET, made.slot(), role(made), data);
  }

  void unwrap(CardKey parent, Bytes wrapped, CardKey made) throws CustodyException {
    Bytes name = name(made);
    Bytes data = Bytes.concat(Bytes.of(parent.slot(), name.size()), name, wrapped);
    session.send("unwrap " + made.name(), Ins.UNWRAP, made.slot(), role(made), data);
  }

  SecretBytes release(CardKey releaser, Bytes wrapped) throws CustodyException {
    byte[] released =
        session.sendSecret(
            "release with " + releaser.name(), Ins.RELEASE, releaser.slot(), 0, wrapped.toArray());
    return SecretBytes.takeFrom(released);
  }

  void derive(CardKey parent, Bytes label, CardKey made) throws CustodyException {
    requireLabel(label);
    Bytes data = Bytes.concat(Bytes.of(parent.slot()), label);
    session.send("derive " + made.name(), Ins.DERIVE, made.slot(), role(made), data);
  }

  void subsetKey(long rank, CardKey made) throws CustodyException {
    Bytes data = new ByteWriter().u32(rank).toBytes();
    session.send("find the key of a subset", Ins.SUBSET_KEY, made.slot(), role(made), data);
  }

  /** The tag; the caller wipes it if it is secret. */
  byte[] mac(CardKey key, Bytes message) throws CustodyException {
    return session.sendSecret(
        "authenticate with " + key.name(), Ins.MAC, key.slot(), 0, message.toArray());
  }

  void destroy(int slot) throws CustodyException {
    session.ask("destroy a key", Ins.DESTROY, slot, 0);
  }

  static void requireLabel(Bytes label) throws CustodyException {
    if (label.isEmpty() || label.size() > MAX_LABEL_OCTETS) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED,
          "the card takes labels of 1 to " + MAX_LABEL_OCTETS + " octets");
    }
  }

  private static int role(CardKey key) {
    return CardRole.octet(key.role());
  }

  /** The card keeps no names of session keys. */
  private static Bytes name(CardKey key) {
    return key.lifetime() == KeyLifetime.PERSISTENT ? CardName.encode(key.name()) : Bytes.EMPTY;
  }
}
