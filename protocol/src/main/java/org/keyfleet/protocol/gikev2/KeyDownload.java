package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.keyfleet.protocol.ike.KdPayload;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The content of a KD payload (RFC 9838 section 4.5). Every key in it is wrapped.
 *
 * @param groupBags one for each SA of the policy that goes with it
 * @param memberBag {@link MemberKeyBag#EMPTY} when there is none; several of a peer are read as one
 */
public record KeyDownload(List<GroupKeyBag> groupBags, MemberKeyBag memberBag) {
  /** What fits one message beside a GSA and an AUTH payload: some 1150 wraps of 256-bit keys. */
  public static final int MAX_OCTETS = 60_000;

  private static final int BAG_HEADER_OCTETS = Substructure.HEADER_OCTETS;
  private static final int WRAPPED_KEY_OCTETS = 4 + 4 + 4; // attribute header, Key ID, KWK ID

  public KeyDownload {
    groupBags = List.copyOf(groupBags);
    if (groupBags.isEmpty() && memberBag.isEmpty()) {
      throw new IllegalArgumentException("KD: no key bag");
    }
    if (groupBags.size() > GroupPolicy.MAX_DATA_SAS + 1) {
      throw new IllegalArgumentException("KD: " + groupBags.size() + " group key bags");
    }
  }

  public static KeyDownload of(KdPayload payload) throws MalformedMessageException {
    return decode(payload.body().reader());
  }

  static KeyDownload decode(ByteReader in) throws MalformedMessageException {
    List<GroupKeyBag> groupBags = new ArrayList<>();
    MemberKeyBag memberBag = MemberKeyBag.EMPTY;
    Set<GroupSaId> ids = new HashSet<>();
    while (in.hasRemaining()) {
      if (in.peekU8("protocol") == Substructure.NO_PROTOCOL) {
        memberBag = memberBag.merge(MemberKeyBag.decode(in));
        continue;
      }
      GroupKeyBag bag = GroupKeyBag.decode(in);
      if (!ids.add(bag.id())) {
        throw new MalformedMessageException("KD: " + bag.id() + " twice");
      }
      if (groupBags.size() > GroupPolicy.MAX_DATA_SAS) {
        throw new MalformedMessageException("KD: over " + groupBags.size() + " group key bags");
      }
      groupBags.add(bag);
    }
    if (groupBags.isEmpty() && memberBag.isEmpty()) {
      throw new MalformedMessageException("KD: no key bag");
    }
    return new KeyDownload(groupBags, memberBag);
  }

  /**
   * The payload to send.
   *
   * @param senderIdBits GWP_SENDER_ID_BITS of the policy that goes with it: the width of Sender-IDs
   */
  public KdPayload toPayload(OptionalInt senderIdBits) {
    ByteWriter out = new ByteWriter();
    groupBags.forEach(bag -> bag.encode(out));
    if (!memberBag.isEmpty()) {
      memberBag.encode(senderIdBits, out);
    }
    return new KdPayload(out.toBytes());
  }

  /** Octets the wrapped keys take on the wire; over {@link #MAX_OCTETS} a batch must be split. */
  public int wireOctets() {
    int octets = BAG_HEADER_OCTETS + octets(memberBag.wrapKeys());
    for (GroupKeyBag bag : groupBags) {
      octets += BAG_HEADER_OCTETS + bag.id().spi().size() + octets(bag.saKeys());
    }
    return octets;
  }

  private static int octets(List<WrappedKey> keys) {
    return keys.stream().mapToInt(key -> WRAPPED_KEY_OCTETS + key.encryptedKey().size()).sum();
  }

  /** The keys of one SA. */
  public Optional<GroupKeyBag> bag(GroupSaId id) {
    return groupBags.stream().filter(bag -> bag.id().equals(id)).findFirst();
  }

  /** Appendix A's notation without SPIs, for logs and tests. */
  @Override
  public String toString() {
    return "KD" + groupBags.stream().map(GroupKeyBag::saKeys).toList() + memberBag.wrapKeys();
  }
}
