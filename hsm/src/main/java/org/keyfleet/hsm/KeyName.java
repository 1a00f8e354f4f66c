package org.keyfleet.hsm;

import java.nio.charset.StandardCharsets;
import org.keyfleet.protocol.octets.Bytes;

/**
 * The name of a key in a custody, unique in it. For a persistent key that is installed in two steps
 * take a random {@code id}, so that a half-made object of an earlier try never carries the name.
 *
 * @param label what the key is, 1 to 64 visible ASCII characters; shows up in the tools of tokens
 * @param id which one it is, 1 to 32 octets
 */
public record KeyName(String label, Bytes id) {
  static final int MAX_LABEL_CHARS = 64;
  static final int MAX_ID_OCTETS = 32;

  public KeyName {
    if (label.isEmpty()
        || label.length() > MAX_LABEL_CHARS
        || !label.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("key label: 1 to 64 visible ASCII characters");
    }
    if (id.isEmpty() || id.size() > MAX_ID_OCTETS) {
      throw new IllegalArgumentException("key id: 1 to 32 octets, not " + id.size());
    }
  }

  /** A name whose id is the label itself, for keys of which there is one; at most 32 characters. */
  public static KeyName of(String label) {
    return new KeyName(label, Bytes.copyOf(label.getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public String toString() {
    return label + "#" + id.hex();
  }
}
