package org.keyfleet.hsm.smartcard;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.octets.Bytes;

/** How a name lies in the card: label and id, each after its length. */
final class CardName {
  private CardName() {}

  static Bytes encode(KeyName name) {
    Bytes label = Bytes.copyOf(name.label().getBytes(StandardCharsets.US_ASCII));
    return Bytes.concat(Bytes.of(label.size()), label, Bytes.of(name.id().size()), name.id());
  }

  /** Nothing, if somebody else has put it there. */
  static Optional<KeyName> decode(Bytes encoded) {
    int labelEnd = 1 + octet(encoded, 0);
    int idEnd = labelEnd + 1 + octet(encoded, labelEnd);
    if (idEnd != encoded.size()) {
      return Optional.empty();
    }
    byte[] label = encoded.slice(1, labelEnd).toArray();
    try {
      return Optional.of(
          new KeyName(
              new String(label, StandardCharsets.US_ASCII), encoded.slice(labelEnd + 1, idEnd)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int octet(Bytes encoded, int at) {
    return at < encoded.size() ? encoded.at(at) : 0;
  }
}
