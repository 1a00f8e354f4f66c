package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Keys and parameters that belong to no group SA (RFC 9838 section 4.5.3). A GSA_REKEY may carry
 * one with WRAP_KEY and AUTH_KEY only: section 4.5.3 forbids it there, table 9 and appendix A.4
 * need it (docs/decisions).
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Protocol = 0 |   RESERVED    |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                  &lt;Member Key Bag Attributes&gt;              ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param wrapKeys WRAP_KEY: keys that encrypt other keys; no Key ID is zero
 * @param authKey AUTH_KEY: DER SubjectPublicKeyInfo that verifies GSA_REKEY messages
 * @param senderIds GM_SENDER_ID: for this member alone
 * @param others attributes this version does not know, private-use ones among them
 */
public record MemberKeyBag(
    List<WrappedKey> wrapKeys,
    Optional<Bytes> authKey,
    List<SenderId> senderIds,
    List<Attribute> others) {
  // From RFC 9838 section 4.5.3
  private static final int WRAP_KEY = 1;
  private static final int AUTH_KEY = 2;
  private static final int GM_SENDER_ID = 3;

  // Ours
  private static final int MAX_SENDER_IDS = 1024;

  public static final MemberKeyBag EMPTY =
      new MemberKeyBag(List.of(), Optional.empty(), List.of(), List.of());

  public MemberKeyBag {
    wrapKeys = List.copyOf(wrapKeys);
    senderIds = List.copyOf(senderIds);
    others = List.copyOf(others);
    if (wrapKeys.stream().anyMatch(key -> key.keyId() == WrappedKey.SA_KEYING_MATERIAL)) {
      throw new IllegalArgumentException("WRAP_KEY with Key ID 0");
    }
    if (senderIds.size() > MAX_SENDER_IDS) {
      throw new IllegalArgumentException(senderIds.size() + " Sender-IDs");
    }
  }

  public static MemberKeyBag ofWrapKeys(List<WrappedKey> wrapKeys) {
    return new MemberKeyBag(wrapKeys, Optional.empty(), List.of(), List.of());
  }

  public MemberKeyBag withAuthKey(Bytes subjectPublicKeyInfo) {
    return new MemberKeyBag(wrapKeys, Optional.of(subjectPublicKeyInfo), senderIds, others);
  }

  public MemberKeyBag withSenderIds(List<SenderId> ids) {
    return new MemberKeyBag(wrapKeys, authKey, ids, others);
  }

  public MemberKeyBag withOthers(List<Attribute> attributes) {
    return new MemberKeyBag(wrapKeys, authKey, senderIds, attributes);
  }

  public boolean isEmpty() {
    return equals(EMPTY);
  }

  /** Reads one bag whose first octet is zero. */
  static MemberKeyBag decode(ByteReader in) throws MalformedMessageException {
    in.skip(2, "member key bag header"); // RESERVED "MUST be ignored on receipt"
    ByteReader body = Substructure.body(in, "member key bag");
    List<WrappedKey> wrapKeys = new ArrayList<>();
    Optional<Bytes> authKey = Optional.empty();
    List<SenderId> senderIds = new ArrayList<>();
    List<Attribute> others = new ArrayList<>();
    for (Attribute attribute : Attribute.decodeAll(body)) {
      switch (attribute.type()) {
        case WRAP_KEY -> wrapKeys.add(wrapKey(attribute));
        case AUTH_KEY -> authKey = Optional.of(onlyAuthKey(authKey, attribute));
        case GM_SENDER_ID -> senderIds.add(SenderId.decode(attribute.tlvValue("GM_SENDER_ID")));
        default -> others.add(attribute);
      }
    }
    if (senderIds.size() > MAX_SENDER_IDS) {
      throw new MalformedMessageException("GM_SENDER_ID: " + senderIds.size() + " times");
    }
    return new MemberKeyBag(wrapKeys, authKey, senderIds, others);
  }

  /** "the Key ID field MUST NOT be zero" (section 4.5.3.1). */
  private static WrappedKey wrapKey(Attribute attribute) throws MalformedMessageException {
    WrappedKey key = WrappedKey.decode(attribute.tlvValue("WRAP_KEY"));
    if (key.keyId() == WrappedKey.SA_KEYING_MATERIAL) {
      throw new MalformedMessageException("WRAP_KEY: Key ID 0");
    }
    return key;
  }

  /** "Multiple instances of the AUTH_KEY attributes MUST NOT be sent" (section 4.5.3.2). */
  private static Bytes onlyAuthKey(Optional<Bytes> before, Attribute attribute)
      throws MalformedMessageException {
    Bytes key = attribute.tlvValue("AUTH_KEY");
    if (before.isPresent() || key.isEmpty()) {
      throw new MalformedMessageException("AUTH_KEY: " + (before.isPresent() ? "twice" : "empty"));
    }
    return key;
  }

  /** This bag and {@code more}: a KD payload may hold several member key bags. */
  MemberKeyBag merge(MemberKeyBag more) throws MalformedMessageException {
    if (authKey.isPresent() && more.authKey.isPresent()) {
      throw new MalformedMessageException("AUTH_KEY: twice");
    }
    if (senderIds.size() + more.senderIds.size() > MAX_SENDER_IDS) {
      throw new MalformedMessageException("GM_SENDER_ID: over " + MAX_SENDER_IDS + " times");
    }
    return new MemberKeyBag(
        joined(wrapKeys, more.wrapKeys),
        authKey.isPresent() ? authKey : more.authKey,
        joined(senderIds, more.senderIds),
        joined(others, more.others));
  }

  /**
   * Writes the bag.
   *
   * @param senderIdBits GWP_SENDER_ID_BITS of the policy that goes with it
   */
  void encode(OptionalInt senderIdBits, ByteWriter out) {
    List<Attribute> all = new ArrayList<>();
    wrapKeys.forEach(key -> all.add(Attribute.tlv(WRAP_KEY, key.encode())));
    authKey.ifPresent(key -> all.add(Attribute.tlv(AUTH_KEY, key)));
    int bits = senderIdBits.orElse(SenderId.MAX_BITS);
    senderIds.forEach(id -> all.add(Attribute.tlv(GM_SENDER_ID, id.encode(bits))));
    all.addAll(others);
    // RESERVED "MUST be zero on transmission"
    Substructure.encode(Substructure.NO_PROTOCOL, 0, out, body -> Attribute.encodeAll(all, body));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
