package org.keyfleet.protocol.pki;

import javax.security.auth.x500.X500Principal;

/**
 * A distinguished name for logs and status (RFC 2253). Whoever sends a certificate chooses its
 * names, before anything of it is verified: they are cut, and cannot start a line of their own.
 */
public final class NameText {
  private static final int MAX_CHARS = 200;

  private NameText() {}

  public static String of(X500Principal name) {
    String text = name.getName();
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARS)
        .forEach(point -> shown.appendCodePoint(isVisible(point) ? point : '?'));
    return text.codePointCount(0, text.length()) > MAX_CHARS ? shown + "..." : shown.toString();
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
