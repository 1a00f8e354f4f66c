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
