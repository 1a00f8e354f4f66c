package org.keyfleet.applet;

import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.RandomData;
import javacard.security.Signature;

/** Everything that the card allocates, once, at installation; the commands share it. */
final class Parts {
  /** Of the command, which most commands use up in place. */
  final byte[] data;

  final byte[] work = JCSystem.makeTransientByteArray(P256.WORK_OCTETS, JCSystem.CLEAR_ON_DESELECT);
  final Pins pins = new Pins();
  final Identities identities = new Identities();
  final Secrets secrets = new Secrets(work, identities);
  final KeyUnwrap aes = new KeyUnwrap(work);
  final Hmac hmac = new Hmac(work, secrets);
  final Agreement agreement = new Agreement(aes, hmac, work);
  final Gate gate = new Gate();
  final Labels labels = new Labels(aes, hmac);
  final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
  final Admission admission = new Admission(gate, ecdsa, hmac, work);
  final RandomData random = RandomData.getInstance(RandomData.ALG_KEYGENERATION);

  Parts(byte[] data) {
    this.data = data;
  }

  /** Ends what a command began, and wipes what it left. */
  void abandon() {
    hmac.abandon();
    admission.abandon();
    secrets.forgetWorkingKeys();
    Util.arrayFillNonAtomic(work, (short) 0, P256.WORK_OCTETS, (byte) 0);
  }
}
