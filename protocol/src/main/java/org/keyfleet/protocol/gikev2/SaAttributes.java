package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Attributes of a group SA policy (RFC 9838 section 4.4.2.2).
 *
 * @param lifetimeSeconds GSA_KEY_LIFETIME, 32 bits: how long the SA is valid at most
 * @param initialMessageId GSA_INITIAL_MESSAGE_ID, 32 bits; Rekey SA only
 * @param nextSpis GSA_NEXT_SPI: SPIs reserved for the SA's replacement, best effort of the GCKS
 * @param others attributes this version does not know, private-use ones among them
 */
public record SaAttributes(
    OptionalLong lifetimeSeconds,
    OptionalLong initialMessageId,
    List<Bytes> nextSpis,
    List<Attribute> others) {
  // From RFC 9838 section 4.4.2.2
  private static final int GSA_KEY_LIFETIME = 1;
  private static final int GSA_INITIAL_MESSAGE_ID = 2;
  private static final int GSA_NEXT_SPI = 3;

  // Ours
  private static final int MAX_NEXT_SPIS = 64;

  public static final SaAttributes NONE =
      new SaAttributes(OptionalLong.empty(), OptionalLong.empty(), List.of(), List.of());

  public SaAttributes {
    nextSpis = List.copyOf(nextSpis);
    others = List.copyOf(others);
    if (nextSpis.size() > MAX_NEXT_SPIS) {
      throw new IllegalArgumentException(nextSpis.size() + " next SPIs");
    }
  }

  public static SaAttributes lifetime(long seconds) {
    return new SaAttributes(OptionalLong.of(seconds), OptionalLong.empty(), List.of(), List.of());
  }

  public SaAttributes withInitialMessageId(long messageId) {
    return new SaAttributes(lifetimeSeconds, OptionalLong.of(messageId), nextSpis, others);
  }

  public SaAttributes withNextSpis(List<Bytes> spis) {
    return new SaAttributes(lifetimeSeconds, initialMessageId, spis, others);
  }

  public SaAttributes withOthers(List<Attribute> attributes) {
    return new SaAttributes(lifetimeSeconds, initialMessageId, nextSpis, attributes);
  }

  /**
   * Sorts the attributes of a policy.
   *
   * @param spiOctets SPI size of the policy the attributes stand in
   */
  static SaAttributes of(List<Attribute> attributes, int spiOctets)
      throws MalformedMessageException {
    OptionalLong lifetime = OptionalLong.empty();
    OptionalLong initial = OptionalLong.empty();
    List<Bytes> next = new ArrayList<>();
    List<Attribute> others = new ArrayList<>();
    for (Attribute attribute : attributes) {
      switch (attribute.type()) {
        case GSA_KEY_LIFETIME -> lifetime = single(lifetime, attribute, "GSA_KEY_LIFETIME");
        case GSA_INITIAL_MESSAGE_ID ->
            initial = single(initial, attribute, "GSA_INITIAL_MESSAGE_ID");
        case GSA_NEXT_SPI -> next.add(nextSpi(attribute, spiOctets));
        default -> others.add(attribute);
      }
    }
    if (next.size() > MAX_NEXT_SPIS) {
      throw new MalformedMessageException("GSA_NEXT_SPI: " + next.size() + " times");
    }
    return new SaAttributes(lifetime, initial, next, others);
  }

  /** Section 4.4.2.2, column "Multi-Valued": NO. */
  private static OptionalLong single(OptionalLong before, Attribute attribute, String name)
      throws MalformedMessageException {
    if (before.isPresent()) {
      throw new MalformedMessageException(name + ": twice");
    }
    return OptionalLong.of(attribute.tlvU32(name));
  }

  /** "The length of the attribute data is determined by the SPI Size field". */
  private static Bytes nextSpi(Attribute attribute, int spiOctets)
      throws MalformedMessageException {
    Bytes spi = attribute.tlvValue("GSA_NEXT_SPI");
    if (spi.size() != spiOctets) {
      throw new MalformedMessageException("GSA_NEXT_SPI: " + spi.size() + " octets");
    }
    return spi;
  }

  List<Attribute> toList() {
    List<Attribute> all = new ArrayList<>();
    lifetimeSeconds.ifPresent(seconds -> all.add(u32(GSA_KEY_LIFETIME, seconds)));
    initialMessageId.ifPresent(id -> all.add(u32(GSA_INITIAL_MESSAGE_ID, id)));
    nextSpis.forEach(spi -> all.add(Attribute.tlv(GSA_NEXT_SPI, spi)));
    all.addAll(others);
    return all;
  }

  private static Attribute u32(int type, long value) {
    return Attribute.tlv(type, new ByteWriter().u32(value).toBytes());
  }
}
