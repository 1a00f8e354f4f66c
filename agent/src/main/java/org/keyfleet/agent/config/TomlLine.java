package org.keyfleet.agent.config;

/** One line of a TOML file, read from left to right. */
final class TomlLine {
  private static final String VALUE_RULE =
      "a value is a text in quotes on one line, a whole number, true or false";
  private static final int MAX_DIGITS = 18;
  private static final int SHORT_ESCAPE = 4;
  private static final int LONG_ESCAPE = 8;

  private final String file;
  private final int number;
  private final String text;
  private int at;

  TomlLine(String file, int number, String text) throws ConfigException {
    this.file = file;
    this.number = number;
    this.text = text;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw wrong("a control character");
      }
    }
  }

  /** Whether nothing but blanks and a comment is left. */
  boolean atEnd() {
    skipBlanks();
    return at == text.length() || text.charAt(at) == '#';
  }

  void expectEnd() throws ConfigException {
    if (!atEnd()) {
      throw wrong("more than one thing on the line");
    }
  }

  boolean take(String wanted) {
    skipBlanks();
    if (!text.startsWith(wanted, at)) {
      return false;
    }
    at += wanted.length();
    return true;
  }

  void expect(String wanted) throws ConfigException {
    if (!take(wanted)) {
      throw wrong("\"" + wanted + "\" is missing");
    }
  }

  /** A bare key. */
  String name() throws ConfigException {
    skipBlanks();
    int from = at;
    while (at < text.length() && isNameChar(text.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw wrong("a key is of letters, digits, - and _");
    }
    return text.substring(from, at);
  }

  Object value() throws ConfigException {
    skipBlanks();
    if (text.startsWith("\"\"\"", at) || text.startsWith("'''", at)) {
      throw wrong(VALUE_RULE);
    }
    if (take("\"")) {
      return basicString();
    }
    if (take("'")) {
      return literalString();
    }
    String word = word();
    if (word.equals("true") || word.equals("false")) {
      return word.equals("true");
    }
    return wholeNumber(word);
  }

  private String literalString() throws ConfigException {
    int end = text.indexOf('\'', at);
    if (end < 0) {
      throw wrong("the quote at the end is missing");
    }
    String value = text.substring(at, end);
    at = end + 1;
    return value;
  }

  private String basicString() throws ConfigException {
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\') {
        value.appendCodePoint(escaped());
      } else {
        value.append(c);
      }
    }
    throw wrong("the quote at the end is missing");
  }

  private int escaped() throws ConfigException {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case '"', '\\' -> c;
      case 'u' -> codePoint(SHORT_ESCAPE);
      case 'U' -> codePoint(LONG_ESCAPE);
      default -> throw wrong("a backslash in a text is written \\\\");
    };
  }

  private int codePoint(int digits) throws ConfigException {
    int point = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
      if (digit < 0 || point > Character.MAX_CODE_POINT) {
        throw wrong("\\u takes 4 hex digits, \\U takes 8");
      }
      point = (point << 4) | digit;
    }
    if (!Character.isValidCodePoint(point)
        || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
      throw wrong("\\u and \\U take a Unicode scalar value");
    }
    return point;
  }

  /** Up to a blank or a comment. */
  private String word() {
    int from = at;
    while (at < text.length() && " \t#".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private Long wholeNumber(String word) throws ConfigException {
    int sign = word.startsWith("+") || word.startsWith("-") ? 1 : 0;
    String digits = word.substring(sign);
    boolean plain = !digits.isEmpty() && digits.length() <= MAX_DIGITS;
    for (int i = 0; i < digits.length(); i++) {
      plain &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    // TOML: leading zeros are not allowed
    if (!plain || (digits.length() > 1 && digits.charAt(0) == '0')) {
      throw wrong(VALUE_RULE);
    }
    return Long.valueOf(word);
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private static boolean isNameChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private ConfigException wrong(String what) {
    return new ConfigException(file + ":" + number + ": " + what);
  }
}
