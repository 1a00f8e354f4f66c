package org.keyfleet.applet.testkit;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.encoders.Hex;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/**
 * The octets of a GSA_REKEY that a GCKS signs, octet by octet (RFC 9838 sections 2.4.1.1 and 4.5):
 * header, Encrypted payload's header, GSA, KD, and an AUTH payload whose signature is zero.
 */
public final class SignedMessage {
  private static final Bytes SPKI_P256 =
      Bytes.copyOf(Hex.decode("3059301306072a8648ce3d020106082a8648ce3d030107034200"));

  /** The wrapped key of a data SA, and of each WRAP_KEY. */
  public static final Bytes DATA_KEY = Bytes.ofUtf8("forty octets that stand for a wrapped ky");

  public static final Bytes WRAP_KEY = Bytes.ofUtf8("a wrap of the tree, again forty octets..");
  private static final int GSA = 51;
  private static final int KD = 52;
  private static final int AUTH = 39;

  private final List<Bytes> bags = new ArrayList<>();
  private final Bytes spi;
  private final long messageId;
  private int gsaOctets = 40;

  public SignedMessage(Bytes spi, long messageId) {
    this.spi = spi;
    this.messageId = messageId;
  }

  public static SoftSigner gcks() {
    return SoftSigner.generate(SignatureScheme.ECDSA_P256_SHA256, new SecureRandom());
  }

  public static Bytes point(SoftSigner signer) {
    Bytes key = signer.subjectPublicKeyInfo();
    return key.slice(key.size() - 65, key.size());
  }

  public static Bytes sign(SoftSigner signer, Bytes octets) {
    try {
      return signer.sign(octets);
    } catch (SigningException e) {
      throw new AssertionError(e);
    }
  }

  /** A Rekey SA and its SA_KEYs. */
  public SignedMessage bring(Bytes newSpi, Bytes... saKeys) {
    ByteWriter attributes = new ByteWriter().bytes(newSpi);
    // an attribute of two octets, which a reader must step over
    attributes.u16(0x8000 | 77).u16(1);
    for (Bytes saKey : saKeys) {
      attributes.u16(1).u16(8 + saKey.size()).u32(0).u32(99).bytes(saKey);
    }
    return bag(6, 16, attributes.toBytes());
  }

  /** A data SA: nothing of it concerns the card. */
  public SignedMessage bringData() {
    return bag(
        3, 4, new ByteWriter().u32(0x1234).u16(1).u16(48).u32(0).u32(0).bytes(DATA_KEY).toBytes());
  }

  /** WRAP_KEYs, and a new key of the GCKS. */
  public SignedMessage bringMemberBag(int wraps, SoftSigner... next) {
    ByteWriter attributes = new ByteWriter();
    for (int i = 0; i < wraps; i++) {
      attributes.u16(1).u16(48).u32(100 + i).u32(i).bytes(WRAP_KEY);
    }
    for (SoftSigner signer : next) {
      Bytes key = Bytes.concat(SPKI_P256, point(signer));
      attributes.u16(2).u16(key.size()).bytes(key);
    }
    return bag(0, 0, attributes.toBytes());
  }

  public SignedMessage bag(int protocol, int second, Bytes content) {
    bags.add(
        new ByteWriter().u8(protocol).u8(second).u16(4 + content.size()).bytes(content).toBytes());
    return this;
  }

  public SignedMessage gsaOctets(int octets) {
    gsaOctets = octets;
    return this;
  }

  public Bytes octets() {
    Bytes keys = Bytes.concat(bags.toArray(new Bytes[0]));
    ByteWriter chain = new ByteWriter();
    chain.u8(KD).u8(0).u16(4 + gsaOctets).zeros(gsaOctets);
    chain.u8(AUTH).u8(0).u16(4 + keys.size()).bytes(keys);
    chain.u8(0).u8(0).u16(4 + 4 + 13 + 71).u8(14).zeros(3).u8(12).zeros(12 + 71);
    Bytes inner = chain.toBytes();
    return frame(inner, GSA);
  }

  /** Any inner payloads under the right headers. */
  public Bytes frame(Bytes inner, int firstPayload) {
    ByteWriter out = new ByteWriter().bytes(spi);
    out.u8(46).u8(0x20).u8(41).u8(0).u32(messageId).u32(32 + inner.size());
    return out.u8(firstPayload).u8(0).u16(4 + inner.size()).bytes(inner).toBytes();
  }
}
