package org.keyfleet.testkit;

import org.keyfleet.protocol.octets.Bytes;

/**
 * Wire octets as a test writes them: hex digits, blanks, and comments from {@code //} to the line's
 * end.
 */
public final class CommentedHex {
  private CommentedHex() {}

  public static Bytes octets(String commented) {
    return Bytes.fromHex(commented.replaceAll("//[^\n]*", ""));
  }
}
