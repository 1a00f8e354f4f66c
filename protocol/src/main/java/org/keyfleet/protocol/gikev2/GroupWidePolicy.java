package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Policy that belongs to no SA (RFC 9838 section 4.4.3).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Protocol = 0 |   RESERVED    |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                  &lt;GW Policy Attributes&gt;                   ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param activationDelaySeconds GWP_ATD: how long senders wait before they use new SAs; absent: no
 *     delay
 * @param deactivationDelaySeconds GWP_DTD: how long receivers keep deleted SAs; absent: no delay
 * @param senderIdBits GWP_SENDER_ID_BITS: most significant bits of the IV that hold the Sender-ID
 * @param others attributes this version does not know
 */
public record GroupWidePolicy(
    OptionalInt activationDelaySeconds,
    OptionalInt deactivationDelaySeconds,
    OptionalInt senderIdBits,
    List<Attribute> others) {
  // From RFC 9838 section 4.4.3.1
  private static final int GWP_ATD = 1;
  private static final int GWP_DTD = 2;
  private static final int GWP_SENDER_ID_BITS = 3;

  public GroupWidePolicy {
    requireU16(activationDelaySeconds);
    requireU16(deactivationDelaySeconds);
    if (senderIdBits.isPresent() && !SenderId.isWidth(senderIdBits.getAsInt())) {
      throw new IllegalArgumentException("Sender-ID of " + senderIdBits.getAsInt() + " bits");
    }
    others = List.copyOf(others);
  }

  public static GroupWidePolicy of(
      OptionalInt activationDelaySeconds,
      OptionalInt deactivationDelaySeconds,
      OptionalInt senderIdBits) {
    return new GroupWidePolicy(
        activationDelaySeconds, deactivationDelaySeconds, senderIdBits, List.of());
  }

  /** Reads one policy whose first octet is zero. */
  static GroupWidePolicy decode(ByteReader in) throws MalformedMessageException {
    in.skip(2, "group-wide policy header"); // RESERVED "MUST be ignored on receipt"
    ByteReader body = Substructure.body(in, "group-wide policy");
    OptionalInt atd = OptionalInt.empty();
    OptionalInt dtd = OptionalInt.empty();
    OptionalInt bits = OptionalInt.empty();
    List<Attribute> others = new ArrayList<>();
    for (Attribute attribute : Attribute.decodeAll(body)) {
      switch (attribute.type()) {
        case GWP_ATD -> atd = single(atd, attribute, "GWP_ATD");
        case GWP_DTD -> dtd = single(dtd, attribute, "GWP_DTD");
        case GWP_SENDER_ID_BITS -> bits = single(bits, attribute, "GWP_SENDER_ID_BITS");
        default -> others.add(attribute);
      }
    }
    if (bits.isPresent() && !SenderId.isWidth(bits.getAsInt())) {
      throw new MalformedMessageException("GWP_SENDER_ID_BITS: " + bits.getAsInt());
    }
    return new GroupWidePolicy(atd, dtd, bits, others);
  }

  void encode(ByteWriter out) {
    List<Attribute> all = new ArrayList<>();
    activationDelaySeconds.ifPresent(seconds -> all.add(Attribute.tv(GWP_ATD, seconds)));
    deactivationDelaySeconds.ifPresent(seconds -> all.add(Attribute.tv(GWP_DTD, seconds)));
    senderIdBits.ifPresent(bits -> all.add(Attribute.tv(GWP_SENDER_ID_BITS, bits)));
    all.addAll(others);
    // RESERVED "MUST be zero on transmission"
    Substructure.encode(Substructure.NO_PROTOCOL, 0, out, body -> Attribute.encodeAll(all, body));
  }

  private static OptionalInt single(OptionalInt before, Attribute attribute, String name)
      throws MalformedMessageException {
    if (before.isPresent()) {
      throw new MalformedMessageException(name + ": twice");
    }
    return OptionalInt.of(attribute.tvU16(name));
  }

  private static void requireU16(OptionalInt seconds) {
    if (seconds.isPresent() && (seconds.getAsInt() < 0 || seconds.getAsInt() > 0xffff)) {
      throw new IllegalArgumentException("delay of " + seconds.getAsInt() + " s");
    }
  }
}
