package org.keyfleet.hsm.smartcard;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.pkcs11.KnownAnswers;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Measures the applet with known answers, in three session slots that are empty again afterwards. A
 * card whose key wrap is wrong is of no use.
 */
final class CardSelfTest {
  /** One test; throws what the card refuses with. */
  private interface Check {
    boolean passes() throws CustodyException;
  }

  private static final int PARENT = 0x20;
  private static final int RELEASER = 0x21;
  private static final int MAC = 0x22;
  private static final int CHILD = 0x23;

  private final CardSession session;
  private final CardInfo info;
  private final Map<String, String> notes = new TreeMap<>();

  private CardSelfTest(CardSession session, CardInfo info) {
    this.session = session;
    this.info = info;
  }

  static Capabilities of(CardSession session, CardInfo info) throws CustodyException {
    return new CardSelfTest(session, info).run();
  }

  private Capabilities run() throws CustodyException {
    notes.put("token", "Keyfleet applet, serial " + info.serial().hex());
    put(PARENT, KeyRole.KEK_PARENT, KnownAnswers.KEK);
    put(RELEASER, KeyRole.RELEASER, KnownAnswers.KEK);
    put(MAC, KeyRole.MAC, KnownAnswers.HMAC_KEY);
    if (!check("kwp", this::releasesRight)) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the card unwraps wrongly: " + notes.get("kwp"));
    }
    boolean enforced = check("roles", this::rolesHold);
    boolean macs = check("hmac", this::macsRight);
    boolean agrees = check("agree", this::agreesRight);
    boolean verifies = check("rekey-check", this::verifiesRight);
    if (info.demands() && !verifies) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED,
          "the card is to verify rekeys and does it wrongly: " + notes.get("rekey-check"));
    }
    notes.put("rekey-demand", info.demands() ? "the card verifies each rekey" : "none");
    for (int slot : new int[] {PARENT, RELEASER, MAC}) {
      session.ask("forget a self-test key", Ins.DESTROY, slot, 0);
    }
    return new Capabilities(
        CustodyLevel.IN_TOKEN,
        enforced,
        agrees ? EnumSet.of(IdentityAlgorithm.P256) : Set.of(),
        agrees,
        // the agreed key is derived by the same steps as any other
        agrees,
        false,
        macs,
        info.maxWrappedOctets(),
        notes);
  }

  private void put(int slot, KeyRole role, Bytes key) throws CustodyException {
    Bytes data = Bytes.concat(Bytes.of(key.size()), key);
    session.send("take a self-test key", Ins.PUT_KEY, slot, CardRole.octet(role), data);
  }

  private boolean releasesRight() throws CustodyException {
    Bytes wrapped = KnownAnswers.WRAPPED_20;
    byte[] released = session.sendSecret("release", Ins.RELEASE, RELEASER, 0, wrapped.toArray());
    return Arrays.equals(released, KnownAnswers.KEY_20.toArray());
  }

  /** A parent must refuse to let a key out, and a releaser to keep one. */
  private boolean rolesHold() throws CustodyException {
    byte[] wrapped = KnownAnswers.WRAPPED_ROOT.toArray();
    byte[] into = Bytes.concat(Bytes.of(RELEASER, 0), KnownAnswers.WRAPPED_ROOT).toArray();
    int parentRole = CardRole.octet(KeyRole.KEK_PARENT);
    return refused(session.status(Ins.RELEASE, PARENT, 0, wrapped))
        && refused(session.status(Ins.UNWRAP, CHILD, parentRole, into))
        && refused(session.status(Ins.MAC, PARENT, 0, wrapped));
  }

  private static boolean refused(int statusWord) {
    return StatusWord.fault(statusWord) == CustodyFault.POLICY;
  }

  private boolean macsRight() throws CustodyException {
    return session
        .send("authenticate", Ins.MAC, MAC, 0, KnownAnswers.HMAC_DATA)
        .equals(KnownAnswers.HMAC_TAG);
  }

  private boolean agreesRight() throws CustodyException {
    Bytes data = Bytes.concat(KnownAnswers.SCALAR, KnownAnswers.PEER_POINT, KnownAnswers.LABEL);
    return session.send("agree on a key", Ins.TRY_AGREE, 0, 0, data).equals(CardAnswers.AGREED_KEY);
  }

  /** One signature that is right, and one whose message is another. */
  private boolean verifiesRight() throws CustodyException {
    Bytes signature = CardAnswers.SIGNATURE;
    Bytes head = Bytes.concat(CardAnswers.GCKS_POINT, Bytes.of(signature.size()), signature);
    Bytes right = Bytes.concat(head, CardAnswers.SIGNED);
    Bytes wrong = Bytes.concat(head, KnownAnswers.LABEL);
    int refused = session.status(Ins.TRY_VERIFY, 0, 0, wrong.toArray());
    return session.status(Ins.TRY_VERIFY, 0, 0, right.toArray()) == StatusWord.OK
        && StatusWord.fault(refused) == CustodyFault.BAD_WRAP;
  }

  private boolean check(String name, Check check) throws CustodyException {
    try {
      boolean passes = check.passes();
      notes.put(name, passes ? "right" : "wrong");
      return passes;
    } catch (CustodyException e) {
      if (e.fault() == CustodyFault.TOKEN_GONE) {
        throw e;
      }
      notes.put(name, String.valueOf(e.getMessage()));
      return false;
    }
  }
}
