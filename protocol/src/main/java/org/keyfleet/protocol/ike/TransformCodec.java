package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * A list of transform substructures (RFC 7296 section 3.3.2), as proposals and the group SA
 * policies of G-IKEv2 (RFC 9838 section 4.4.2) hold it.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Last Substruc |   RESERVED    |        Transform Length       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Transform Type |   RESERVED    |          Transform ID         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                      Transform Attributes                     ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class TransformCodec {
  // From RFC 7296 section 3.3.2
  private static final int LAST = 0;
  private static final int MORE = 3;
  private static final int HEADER_OCTETS = 8;

  // Ours
  /** Transforms in one list: more than any peer offers. */
  public static final int MAX_TRANSFORMS = 128;

  private static final int MAX_ATTRIBUTES = 8;

  private TransformCodec() {}

  /** Reads transforms up to and with the one marked as the last; at least one. */
  public static List<Transform> decode(ByteReader in) throws MalformedMessageException {
    List<Transform> transforms = new ArrayList<>();
    int marker = MORE;
    while (marker == MORE) {
      if (transforms.size() == MAX_TRANSFORMS) {
        throw new MalformedMessageException("transforms: more than " + MAX_TRANSFORMS);
      }
      marker = in.u8("transform last substruc");
      if (marker != LAST && marker != MORE) {
        throw new MalformedMessageException("transform last substruc: " + marker);
      }
      transforms.add(decodeOne(in));
    }
    return transforms;
  }

  /** Writes the list with its markers; an empty list writes nothing. */
  public static void encode(List<Transform> transforms, ByteWriter out) {
    int left = transforms.size();
    for (Transform transform : transforms) {
      left--;
      out.u8(left == 0 ? LAST : MORE).u8(0);
      out.lengthU16(
          4,
          body -> {
            body.u8(transform.type()).u8(0).u16(transform.id());
            transform.attributes().forEach(attribute -> attribute.encode(body));
          });
    }
  }

  private static Transform decodeOne(ByteReader in) throws MalformedMessageException {
    in.skip(1, "transform reserved");
    int length = in.u16("transform length");
    if (length < HEADER_OCTETS) {
      throw new MalformedMessageException("transform length: " + length);
    }
    ByteReader body = in.child(length - 4, "transform");
    int type = body.u8("transform type");
    body.skip(1, "transform reserved");
    int id = body.u16("transform id");
    return new Transform(type, id, decodeAttributes(body));
  }

  private static List<TransformAttribute> decodeAttributes(ByteReader in)
      throws MalformedMessageException {
    List<TransformAttribute> attributes = new ArrayList<>();
    Set<Integer> types = new HashSet<>();
    while (in.hasRemaining()) {
      TransformAttribute attribute = TransformAttribute.decode(in);
      // RFC 7296 section 3.3.5: alternatives are transforms of their own, never a second attribute
      if (!types.add(attribute.type()) || attributes.size() == MAX_ATTRIBUTES) {
        throw new MalformedMessageException("transform attribute: " + attribute.type() + " again");
      }
      attributes.add(attribute);
    }
    return attributes;
  }
}
