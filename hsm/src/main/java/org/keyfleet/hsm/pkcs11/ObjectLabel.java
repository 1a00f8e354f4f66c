package org.keyfleet.hsm.pkcs11;

import java.util.Optional;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;

/**
 * CKA_LABEL of our objects: {@code keyfleet:kek:path-root}. The prefix tells our objects from those
 * of other applications, the tag keeps the role over a restart; MODIFIABLE false protects both.
 */
record ObjectLabel(KeyRole role, String label) {
  private static final String PREFIX = "keyfleet:";

  static String of(KeyRole role, KeyName name) {
    return PREFIX + tag(role) + ":" + name.label();
  }

  /** What an object of ours is called; empty for objects of others. */
  static Optional<ObjectLabel> parse(String text) {
    for (KeyRole role : KeyRole.values()) {
      String start = PREFIX + tag(role) + ":";
      if (text.startsWith(start)) {
        return Optional.of(new ObjectLabel(role, text.substring(start.length())));
      }
    }
    return Optional.empty();
  }

  static boolean isOurs(String text) {
    return text.startsWith(PREFIX);
  }

  /** The key's name; empty if the object was torn or its label is not one that we make. */
  Optional<KeyName> name(Bytes id) {
    try {
      return Optional.of(new KeyName(label, id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String tag(KeyRole role) {
    return switch (role) {
      case KEK_PARENT -> "kek";
      case CHAIN -> "chn";
      case RELEASER -> "rel";
      case MAC -> "mac";
      case IDENTITY -> "id";
    };
  }
}
