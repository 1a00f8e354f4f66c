package org.keyfleet.protocol.gikev2;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Which group: the identity in an IDg payload (RFC 9838 section 4.2).
 *
 * @param type "ID_KEY_ID MUST be supported"; addresses, FQDN and RFC822_ADDR "SHOULD"
 * @param value 4 or 16 octets for an address, else 1 to 4096
 */
public record GroupId(IdType type, Bytes value) {
  private static final Set<IdType> SUPPORTED =
      EnumSet.of(
          IdType.ID_KEY_ID,
          IdType.ID_IPV4_ADDR,
          IdType.ID_IPV6_ADDR,
          IdType.ID_FQDN,
          IdType.ID_RFC822_ADDR);

  public GroupId {
    if (!SUPPORTED.contains(type)) {
      throw new IllegalArgumentException("IDg of " + type);
    }
  }

  /** A group of Keyfleet: its name in UTF-8 as ID_KEY_ID. */
  public static GroupId ofName(String name) {
    return new GroupId(IdType.ID_KEY_ID, Bytes.ofUtf8(name));
  }

  /** Empty for a type that no group has: the GCKS answers INVALID_GROUP_ID. */
  public static Optional<GroupId> of(IdPayload payload) {
    return IdType.ofCode(payload.idType())
        .filter(SUPPORTED::contains)
        .map(type -> new GroupId(type, payload.data()));
  }

  public IdPayload toPayload() {
    return IdPayload.of(IdPayload.Kind.GROUP, type, value);
  }
}
