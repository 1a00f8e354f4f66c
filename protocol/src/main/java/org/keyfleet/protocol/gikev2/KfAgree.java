package org.keyfleet.protocol.gikev2;

import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * KF_AGREE: the GCKS's ephemeral public key, from which the member's token computes a key wrap key
 * that the host never sees. A private-use attribute of the member key bag at registration. The
 * WRAP_KEY of the member's own key names {@link #keyId} as its KWK.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Version = 1  |   RESERVED    |      Key Exchange Method      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            Key ID                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~              Public Key (64 octets, RFC 5903: x | y)          ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Z, the 32-octet x coordinate of the ECDH result, is an AES-256 key. The agreed key is the 32
 * octets AES-256-ECB(Z, SHA-256({@link #LABEL})); it wraps the member's own key with KW_5649_256
 * whatever the IKE SA's Key Wrap Algorithm is. PKCS#11 tokens do both steps inside:
 * CKM_ECDH1_DERIVE with CKD_NULL, then CKM_AES_ECB_ENCRYPT_DATA.
 *
 * @param keyId Key ID of the agreed key, not zero and used for nothing else in the group
 * @param publicKey x | y of a point of P-256; whether it is on the curve is checked where it is
 *     used
 */
public record KfAgree(long keyId, Bytes publicKey) {
  private static final int VERSION = 1;
  private static final int ECP_256 = 19; // RFC 5903, the key exchange method's transform ID
  private static final int PUBLIC_KEY_OCTETS = 64;

  /** What the agreed key is for: the label of its derivation. */
  public static final Bytes LABEL = Bytes.ofUtf8("keyfleet agree 1");

  public KfAgree {
    if (keyId < 1 || keyId > 0xffff_ffffL || publicKey.size() != PUBLIC_KEY_OCTETS) {
      throw new IllegalArgumentException(
          "agreed key " + keyId + ", public key of " + publicKey.size() + " octets");
    }
  }

  /**
   * Finds the attribute in a member key bag. Call it only when the peer speaks {@link
   * KeyfleetExtensions}.
   */
  public static Optional<KfAgree> find(MemberKeyBag bag) throws MalformedMessageException {
    List<Attribute> found =
        bag.others().stream()
            .filter(attribute -> attribute.type() == KeyfleetExtensions.KF_AGREE)
            .toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.size() > 1) {
      throw new MalformedMessageException("KF_AGREE: twice");
    }
    return Optional.of(decode(found.get(0).tlvValue("KF_AGREE").reader()));
  }

  private static KfAgree decode(ByteReader in) throws MalformedMessageException {
    int version = in.u8("KF_AGREE version");
    if (version != VERSION) {
      throw new MalformedMessageException("KF_AGREE version: " + version);
    }
    in.skip(1, "KF_AGREE reserved");
    int method = in.u16("KF_AGREE method");
    if (method != ECP_256) {
      throw new MalformedMessageException("KF_AGREE method: " + method);
    }
    long keyId = in.u32("KF_AGREE Key ID");
    if (keyId == 0) {
      throw new MalformedMessageException("KF_AGREE Key ID: 0");
    }
    Bytes publicKey = in.take(PUBLIC_KEY_OCTETS, "KF_AGREE public key");
    in.expectEnd("KF_AGREE");
    return new KfAgree(keyId, publicKey);
  }

  /** The attribute to add to the member key bag. */
  public Attribute toAttribute() {
    return Attribute.tlv(
        KeyfleetExtensions.KF_AGREE,
        new ByteWriter().u8(VERSION).u8(0).u16(ECP_256).u32(keyId).bytes(publicKey).toBytes());
  }
}
