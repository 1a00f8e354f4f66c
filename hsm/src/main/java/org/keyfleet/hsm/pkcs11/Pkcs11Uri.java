package org.keyfleet.hsm.pkcs11;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A PKCS #11 URI (RFC 7512) that names a token, the library to reach it and where its PIN is.
 *
 * <pre>pkcs11:token=member-7;serial=8c787b19b6d13354?module-path=/usr/lib/softhsm/libsofthsm2.so
 * </pre>
 *
 * <p>Attributes that name an object, a library by its description, or hold a PIN are refused: a
 * member's objects are its own, and a PIN does not belong into a configuration file. So are unknown
 * ones, because a misspelt attribute would match any token.
 *
 * @param path the attributes before the question mark, decoded, in their order
 * @param query the attributes behind it, decoded, in their order
 */
public record Pkcs11Uri(Map<String, String> path, Map<String, String> query) {
  private static final String SCHEME = "pkcs11:";
  private static final String FILE = "file:";
  private static final int MAX_CHARS = 2048;
  private static final Set<String> PATH_NAMES =
      Set.of("token", "manufacturer", "serial", "model", "slot-id");
  private static final Set<String> QUERY_NAMES = Set.of("module-path", "pin-source");

  // RFC 7512 section 2.3: pk11-res-avail, and what path and query add to it
  private static final String RESERVED = ":[]@!$'()*+,=";
  private static final String PATH_PLAIN = "-._~" + RESERVED + "&";
  private static final String QUERY_PLAIN = "-._~" + RESERVED + "/?|";

  public Pkcs11Uri {
    path = checked(path, PATH_NAMES);
    query = checked(query, QUERY_NAMES);
    String slot = path.get("slot-id");
    if (slot != null && !slot.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("PKCS#11 URI: slot-id is a decimal number");
    }
  }

  /** The URI of the token with this label behind this library. */
  public static Pkcs11Uri ofToken(String modulePath, String label) {
    return new Pkcs11Uri(Map.of("token", label), Map.of("module-path", modulePath));
  }

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException with one line for the user
   */
  public static Pkcs11Uri parse(String text) {
    if (!text.startsWith(SCHEME) || text.length() > MAX_CHARS || text.indexOf('#') >= 0) {
      throw new IllegalArgumentException("PKCS#11 URI: starts with pkcs11: and has no #");
    }
    String rest = text.substring(SCHEME.length());
    int mark = rest.indexOf('?');
    String path = mark < 0 ? rest : rest.substring(0, mark);
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    return new Pkcs11Uri(attributes(path, ';'), attributes(query, '&'));
  }

  public Optional<String> token() {
    return Optional.ofNullable(path.get("token"));
  }

  public Optional<String> manufacturer() {
    return Optional.ofNullable(path.get("manufacturer"));
  }

  public Optional<String> serial() {
    return Optional.ofNullable(path.get("serial"));
  }

  public Optional<String> model() {
    return Optional.ofNullable(path.get("model"));
  }

  /** The slot's number; few libraries keep it over a restart. */
  public Optional<Long> slotId() {
    return Optional.ofNullable(path.get("slot-id")).map(Long::valueOf);
  }

  /** The same token, behind this library if the URI names none. */
  public Pkcs11Uri orModulePath(String modulePath) {
    return with("module-path", modulePath, false);
  }

  /** The same token, behind this library. */
  public Pkcs11Uri withModulePath(String modulePath) {
    return with("module-path", modulePath, true);
  }

  /** The same library and token, with this label. */
  public Pkcs11Uri withToken(String label) {
    Map<String, String> more = new LinkedHashMap<>(path);
    more.put("token", label);
    return new Pkcs11Uri(more, query);
  }

  private Pkcs11Uri with(String name, String value, boolean replace) {
    Map<String, String> more = new LinkedHashMap<>(query);
    if (replace || !more.containsKey(name)) {
      more.put(name, value);
    }
    return new Pkcs11Uri(path, more);
  }

  /** The file name of the PKCS#11 library. */
  public Optional<String> modulePath() {
    return Optional.ofNullable(query.get("module-path"));
  }

  /** Where the PIN is, as it stands in the URI (RFC 7512 section 2.4). */
  public Optional<String> pinSource() {
    return Optional.ofNullable(query.get("pin-source"));
  }

  /**
   * The file that {@code pin-source} names: a URI {@code file:/path} or {@code file:///path}, or an
   * absolute path.
   *
   * @throws IllegalArgumentException for any other source, with one line for the user
   */
  public Optional<Path> pinFile() {
    return pinSource().map(Pkcs11Uri::pinFile);
  }

  private static Path pinFile(String source) {
    if (source.startsWith("|")) {
      throw new IllegalArgumentException(
          "PKCS#11 URI: pin-source names a program, and none is started here: name a file");
    }
    String path = source;
    if (source.startsWith(FILE)) {
      path = source.substring(FILE.length());
      path = path.startsWith("//localhost/") ? path.substring("//localhost".length()) : path;
      path = path.startsWith("///") ? path.substring("//".length()) : path;
    }
    // "//" would be another machine (RFC 8089 section 2)
    if (!path.startsWith("/") || path.startsWith("//") || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "PKCS#11 URI: pin-source takes file: and an absolute path, as file:/etc/keyfleet/pin");
    }
    return Path.of(path);
  }

  /** The URI in the form that {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(SCHEME);
    append(text, path, ';', PATH_PLAIN);
    if (!query.isEmpty()) {
      append(text.append('?'), query, '&', QUERY_PLAIN);
    }
    return text.toString();
  }

  private static Map<String, String> checked(Map<String, String> attributes, Set<String> known) {
    for (String name : attributes.keySet()) {
      if (name.equals("pin-value")) {
        throw new IllegalArgumentException(
            "PKCS#11 URI: a PIN in pin-value is seen by all who see the URI: put it into a file"
                + " and write pin-source=file:/path");
      }
      if (!known.contains(name)) {
        throw new IllegalArgumentException("PKCS#11 URI: attribute " + name + " is not used here");
      }
    }
    return Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  private static Map<String, String> attributes(String text, char separator) {
    Map<String, String> attributes = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf(separator, at);
      String attribute = text.substring(at, end < 0 ? text.length() : end);
      at += attribute.length() + 1;
      int equals = attribute.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("PKCS#11 URI: an attribute is written name=value");
      }
      String name = attribute.substring(0, equals);
      // RFC 7512 section 2.3: "MUST NOT contain duplicate attributes of the same name"
      if (attributes.put(name, decoded(attribute.substring(equals + 1))) != null) {
        throw new IllegalArgumentException("PKCS#11 URI: attribute " + name + " stands twice");
      }
    }
    return attributes;
  }

  private static String decoded(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        octets.write(octet(text, at));
        at += 2;
      } else if (isPlain(c, QUERY_PLAIN + "&")) {
        octets.write(c);
      } else {
        throw new IllegalArgumentException("PKCS#11 URI: character " + c + " must be written %XX");
      }
    }
    return octets.toString(StandardCharsets.UTF_8);
  }

  private static int octet(String text, int at) {
    int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new IllegalArgumentException("PKCS#11 URI: % stands before two hex digits");
    }
    return high << 4 | low;
  }

  private static void append(
      StringBuilder text, Map<String, String> attributes, char separator, String plain) {
    String before = "";
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      text.append(before).append(attribute.getKey()).append('=');
      for (byte octet : attribute.getValue().getBytes(StandardCharsets.UTF_8)) {
        char c = (char) (octet & 0xff);
        if (isPlain(c, plain)) {
          text.append(c);
        } else {
          text.append(String.format("%%%02X", octet & 0xff));
        }
      }
      before = String.valueOf(separator);
    }
  }

  private static boolean isPlain(char c, String plain) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || plain.indexOf(c) >= 0;
  }
}
