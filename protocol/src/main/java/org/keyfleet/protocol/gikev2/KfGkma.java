package org.keyfleet.protocol.gikev2;

import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * KF_GKMA: which group key management algorithm the group uses (RFC 4046 section 5.6 wants it
 * told). A private-use group SA attribute of the Rekey SA at registration.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Version = 1  |   Algorithm   |    Degree     |    Height     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Flags     |
 * +-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param degree children of a tree node; 0 with NULL
 * @param height levels of key-encrypting keys under the SA key; 0 with NULL
 * @param stateless a member can read a rekey without the ones before it
 * @param strictCustody the Rekey SA's keys come through a releaser key only
 */
public record KfGkma(
    Algorithm algorithm, int degree, int height, boolean stateless, boolean strictCustody) {
  private static final int VERSION = 1;
  private static final int FLAG_STATELESS = 1;
  private static final int FLAG_STRICT_CUSTODY = 2;

  /** Group key management algorithms. */
  public enum Algorithm {
    /** The Rekey SA's keys travel under GSK_w or by registration. */
    NULL(0),
    /** Logical key hierarchy, RFC 9838 appendix A. */
    LKH(1),
    /** One-way function chains: {@link KfChain}. */
    OFC(2);

    private final int code;

    Algorithm(int code) {
      this.code = code;
    }

    static Algorithm ofCode(int code) throws MalformedMessageException {
      for (Algorithm algorithm : values()) {
        if (algorithm.code == code) {
          return algorithm;
        }
      }
      throw new MalformedMessageException("KF_GKMA algorithm: " + code);
    }
  }

  public KfGkma {
    if (degree < 0 || degree > 0xff || height < 0 || height > 0xff) {
      throw new IllegalArgumentException("tree of degree " + degree + ", height " + height);
    }
  }

  /**
   * Finds the attribute in a Rekey SA policy. Call it only when the peer speaks {@link
   * KeyfleetExtensions}.
   */
  public static Optional<KfGkma> find(RekeySaPolicy policy) throws MalformedMessageException {
    List<Attribute> found =
        policy.attributes().others().stream()
            .filter(attribute -> attribute.type() == KeyfleetExtensions.KF_GKMA)
            .toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.size() > 1) {
      throw new MalformedMessageException("KF_GKMA: twice");
    }
    return Optional.of(decode(found.get(0).tlvValue("KF_GKMA").reader()));
  }

  private static KfGkma decode(ByteReader in) throws MalformedMessageException {
    int version = in.u8("KF_GKMA version");
    if (version != VERSION) {
      throw new MalformedMessageException("KF_GKMA version: " + version);
    }
    Algorithm algorithm = Algorithm.ofCode(in.u8("KF_GKMA algorithm"));
    int degree = in.u8("KF_GKMA degree");
    int height = in.u8("KF_GKMA height");
    int flags = in.u8("KF_GKMA flags"); // the other bits are ignored on receipt
    in.expectEnd("KF_GKMA");
    return new KfGkma(
        algorithm,
        degree,
        height,
        (flags & FLAG_STATELESS) != 0,
        (flags & FLAG_STRICT_CUSTODY) != 0);
  }

  /** The attribute to add to the policy. */
  public Attribute toAttribute() {
    int flags = (stateless ? FLAG_STATELESS : 0) | (strictCustody ? FLAG_STRICT_CUSTODY : 0);
    return Attribute.tlv(
        KeyfleetExtensions.KF_GKMA,
        new ByteWriter().u8(VERSION).u8(algorithm.code).u8(degree).u8(height).u8(flags).toBytes());
  }
}
