package org.keyfleet.agent.config;

import java.util.regex.Pattern;

/** An identity as the configuration writes it: a domain name, a mail address or a key id. */
final class IdentityText {
  private static final String KEY_ID = "key-id:";

  /** RFC 1035 section 2.3.4: a name has at most 255 octets. */
  private static final int MAX_CHARS = 253;

  private static final Pattern DOMAIN =
      Pattern.compile(
          "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*");

  /** RFC 5321 section 4.1.2 without quotes. */
  private static final Pattern MAILBOX = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}");

  private IdentityText() {}

  static String read(TomlSection section, String key) throws ConfigException {
    String text = section.text(key);
    boolean good = isKeyId(text) ? text.length() > KEY_ID.length() : isName(text);
    if (text.length() > MAX_CHARS || !good) {
      throw section.wrong(
          key, "takes a domain name, a mail address or \"key-id:text\", as \"stb-1.example\"");
    }
    return text;
  }

  static boolean isKeyId(String text) {
    return text.startsWith(KEY_ID);
  }

  private static boolean isName(String text) {
    int at = text.indexOf('@');
    return DOMAIN.matcher(text.substring(at + 1)).matches()
        && (at < 0 || MAILBOX.matcher(text.substring(0, at)).matches());
  }
}
