package org.keyfleet.applet;

import javacard.framework.APDU;
import javacard.framework.ISOException;
import javacard.security.CryptoException;
import javacard.security.ECPublicKey;
import javacard.security.KeyBuilder;
import javacard.security.Signature;

/** Which command does what, and what it answers. */
final class Card {
  private static final short CERTIFICATE_PART_OCTETS = 240;

  private final Chain chain;
  private final byte[] data;
  private final Parts parts;
  private final KeyCommands keys;
  private final LifeCycle life;
  private final ECPublicKey trialKey =
      (ECPublicKey)
          KeyBuilder.buildKey(KeyBuilder.TYPE_EC_FP_PUBLIC, KeyBuilder.LENGTH_EC_FP_256, false);

  Card(Chain chain) {
    this.chain = chain;
    this.data = chain.data;
    parts = new Parts(data);
    keys = new KeyCommands(parts);
    life = new LifeCycle(parts, keys);
  }

  void setIssuerKey(byte[] from, short at) {
    life.setIssuerKey(from, at);
  }

  void forgetPin() {
    parts.pins.forget();
  }

  /** Ends what a command began, and wipes what it left. */
  void abandon() {
    chain.abandon();
    parts.abandon();
  }

  void requireAllowed(byte ins) {
    life.requireAllowed(ins);
  }

  /** The commands without data. */
  void answer(APDU apdu, byte ins, byte p1, byte p2) {
    byte[] buffer = apdu.getBuffer();
    short octets = 0;
    switch (ins) {
      case Ins.INFO:
        octets = life.info(buffer);
        break;
      case Ins.LIST:
        octets = parts.secrets.list(buffer, (short) 0);
        octets += parts.identities.list(buffer, octets);
        break;
      case Ins.DESCRIBE:
        octets =
            Identities.isIdentity(p1)
                ? parts.identities.describe(p1, buffer, (short) 0)
                : parts.secrets.describe(p1, buffer, (short) 0);
        break;
      case Ins.DESTROY:
        if (Identities.isIdentity(p1)) {
          parts.identities.destroy(p1);
        } else {
          parts.secrets.destroy(p1);
        }
        return;
      case Ins.GATE:
        octets = parts.gate.describe(buffer, (short) 0);
        break;
      case Ins.CONFIRM:
        parts.gate.confirm();
        return;
      case Ins.DESCRIBE_LABELS:
        octets = parts.labels.describe(buffer, (short) 0);
        break;
      case Ins.PUBLIC_KEY:
        octets = parts.identities.publicKey(p1, buffer, (short) 0);
        break;
      default:
        octets = certificatePart(p1, p2, buffer);
    }
    apdu.setOutgoingAndSend((short) 0, octets);
  }

  /** The commands whose data came whole. */
  void execute(APDU apdu, byte ins, byte p1, byte p2) {
    short octets = chain.length();
    switch (ins) {
      case Ins.VERIFY:
        parts.pins.verify(data, octets);
        return;
      case Ins.CHANGE_REFERENCE_DATA:
        parts.pins.change(data, octets);
        return;
      case Ins.RESET_RETRY_COUNTER:
        parts.pins.reset(data, octets);
        return;
      case Ins.INITIALIZE:
        life.initialize((short) 0, octets);
        return;
      case Ins.PERSONALIZE:
        life.personalize(octets);
        return;
      case Ins.WIPE:
        life.wipeByPuk(octets);
        return;
      case Ins.PUT_KEY:
        life.putKey(p1, p2, octets);
        return;
      case Ins.GENERATE_SECRET:
        keys.generateSecret(p1, p2, octets);
        return;
      case Ins.UNWRAP:
        keys.unwrap(p1, p2, octets);
        return;
      case Ins.RELEASE:
        send(apdu, (short) 8, keys.release(p1, octets));
        return;
      case Ins.DERIVE:
        keys.derive(p1, p2, octets);
        return;
      case Ins.AGREE:
        keys.agree(p1, octets);
        return;
      case Ins.TRY_AGREE:
        parts.agreement.tryAgree(data, octets);
        send(apdu, (short) 0, Secrets.KEY_OCTETS);
        return;
      case Ins.TRY_VERIFY:
        tryVerify(octets);
        return;
      case Ins.GENERATE_IDENTITY:
        parts.secrets.requireNewName(data, (short) 0, octets);
        parts.identities.requireNewName(data, (short) 0, octets);
        parts.identities.generate(p1, data, (short) 0, octets);
        send(apdu, (short) 0, parts.identities.publicKey(p1, data, (short) 0));
        return;
      case Ins.PUT_LABELS:
        life.putLabels(p1 == 0, octets);
        return;
      case Ins.SUBSET_KEY:
        keys.subsetKey(p1, p2, octets);
        return;
      case Ins.DEMAND:
        life.demand(p1, octets);
        return;
      case Ins.START:
        life.start(octets);
        return;
      default:
        ISOException.throwIt(Sw.WRONG_INS);
    }
  }

  /** A part of a message: the first one begins, the last one ends. */
  void stream(APDU apdu, byte ins, byte p1, boolean first, boolean last) {
    short octets = chain.length();
    if (octets == 0) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    switch (ins) {
      case Ins.MAC:
        if (first) {
          parts.hmac.start(p1);
        }
        parts.hmac.update(data, (short) 0, octets);
        if (last) {
          parts.hmac.finish(p1, data, (short) 0);
          send(apdu, (short) 0, Hmac.OCTETS);
        }
        return;
      case Ins.SIGN:
        sign(apdu, p1, first, last);
        return;
      case Ins.ADMIT:
        parts.admission.part(data, octets, first, last);
        return;
      default:
        if (first) {
          parts.identities.startCertificate(p1);
        }
        parts.identities.writeCertificate(data, (short) 0, octets);
        if (last) {
          parts.identities.finishCertificate(p1);
        }
    }
  }

  private void sign(APDU apdu, byte slot, boolean first, boolean last) {
    short octets = chain.length();
    if (first) {
      parts.ecdsa.init(parts.identities.privateKey(slot), Signature.MODE_SIGN);
    }
    if (last) {
      send(apdu, (short) 0, parts.ecdsa.sign(data, (short) 0, octets, data, (short) 0));
    } else {
      parts.ecdsa.update(data, (short) 0, octets);
    }
  }

  /** Data: point | length | signature | message. For known answers. */
  private void tryVerify(short octets) {
    short signatureAt = (short) (Gate.POINT_OCTETS + 1);
    short signature = octets < signatureAt ? 0 : (short) (data[Gate.POINT_OCTETS] & 0xFF);
    short at = (short) (signatureAt + signature);
    if (signature == 0 || at >= octets) {
      ISOException.throwIt(Sw.WRONG_LENGTH);
    }
    if (!P256.isOnCurve(data, (short) 0, parts.work)) {
      ISOException.throwIt(Sw.BAD_DATA);
    }
    boolean right = false;
    try {
      P256.setDomain(trialKey);
      trialKey.setW(data, (short) 0, Gate.POINT_OCTETS);
      parts.ecdsa.init(trialKey, Signature.MODE_VERIFY);
      right = parts.ecdsa.verify(data, at, (short) (octets - at), data, signatureAt, signature);
    } catch (CryptoException e) {
      // no signature at all
      right = false;
    }
    if (!right) {
      ISOException.throwIt(Sw.BAD_SIGNATURE);
    }
  }

  private short certificatePart(byte slot, byte part, byte[] to) {
    if (part < 0 || part > (byte) (Identities.MAX_CERTIFICATE_OCTETS / CERTIFICATE_PART_OCTETS)) {
      ISOException.throwIt(Sw.WRONG_P1P2);
    }
    return parts.identities.readCertificate(
        slot, (short) (part * CERTIFICATE_PART_OCTETS), CERTIFICATE_PART_OCTETS, to, (short) 0);
  }

  /** Sends from the chain's memory, which is wiped when the command ends. */
  private void send(APDU apdu, short at, short octets) {
    apdu.setOutgoing();
    apdu.setOutgoingLength(octets);
    apdu.sendBytesLong(data, at, octets);
  }
}
