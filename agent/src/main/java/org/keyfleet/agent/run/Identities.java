package org.keyfleet.agent.run;

import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;
import org.keyfleet.protocol.octets.Bytes;

/** Identities as the configuration writes them. */
final class Identities {
  private static final String KEY_ID = "key-id:";

  private Identities() {}

  /** {@code key-id:text}, a mail address, or an FQDN (RFC 7296 section 3.5). */
  static IdPayload payload(IdPayload.Kind kind, String text) {
    if (text.startsWith(KEY_ID)) {
      return IdPayload.of(kind, IdType.ID_KEY_ID, Bytes.ofUtf8(text.substring(KEY_ID.length())));
    }
    IdType type = text.indexOf('@') >= 0 ? IdType.ID_RFC822_ADDR : IdType.ID_FQDN;
    return IdPayload.of(kind, type, Bytes.ofUtf8(text));
  }
}
