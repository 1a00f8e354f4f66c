package org.keyfleet.gcks.group;

import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.SkCipher;

/** Keying material of a group's SAs, cut to the sizes of its policy (RFC 9838 section 3.4). */
final class SaKeys {
  private final GroupSettings settings;
  private final GroupKeys keys;

  SaKeys(GroupSettings settings, GroupKeys keys) {
    this.settings = settings;
    this.keys = keys;
  }

  /** GSK_e | GSK_a | GSK_w; the caller closes it. */
  SecretBytes rekeyKeymat(RekeySaRow sa) throws CustodyException {
    return keys.rekeySa(sa.serial(), saOctets(settings.rekey().suite()) + keyWrap().keyOctets());
  }

  /** The Rekey SA's own GSK_w. */
  DefaultKwkHolder kwk(RekeySaRow sa) throws CustodyException {
    try (SecretBytes keymat = rekeyKeymat(sa)) {
      int end = keymat.size();
      return new DefaultKwkHolder(
          new DefaultKwk(keyWrap(), keymat.slice(end - keyWrap().keyOctets(), end)));
    }
  }

  /** Encryption key, then integrity key; the caller closes it. */
  SecretBytes dataKeymat(DataSaRow sa) throws CustodyException {
    for (DataSaSettings data : settings.data()) {
      if (data.name().equals(sa.name())) {
        return keys.dataSa(sa.serial(), saOctets(data.suite()));
      }
    }
    throw new IllegalStateException("no policy for data SA " + sa.name());
  }

  static SkCipher cipher(SaSuite suite) {
    return SkCipher.of(suite.encryptionId(), suite.keyBits(), suite.integrityId())
        .orElseThrow(() -> new IllegalStateException("suite " + suite));
  }

  private static int saOctets(SaSuite suite) {
    SkCipher cipher = cipher(suite);
    return cipher.encryptionKeyOctets() + cipher.integrityKeyOctets();
  }

  private KeyWrap keyWrap() {
    return settings.rekey().keyWrap();
  }
}
