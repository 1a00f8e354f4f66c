package org.keyfleet.agent.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A loopback address and port as {@code 127.0.0.1:5000} or {@code [::1]:5000}. */
final class SocketAddressText {
  private static final int MAX_PORT = 65_535;
  private static final String RULE = "takes a loopback address and a port, as \"127.0.0.1:5000\"";

  private SocketAddressText() {}

  static Optional<InetSocketAddress> read(TomlSection section, String key) throws ConfigException {
    Optional<String> text = section.optionalText(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    InetSocketAddress address = parse(text.get());
    // clear text stays on this machine
    if (address == null || !address.getAddress().isLoopbackAddress()) {
      throw section.wrong(key, RULE);
    }
    return Optional.of(address);
  }

  private static @Nullable InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return null;
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (!isNumeric(host)) {
      return null;
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port < 1 || port > MAX_PORT) {
        return null;
      }
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (NumberFormatException | UnknownHostException e) {
      return null;
    }
  }

  /** Only digits, dots, colons and hex letters beside a colon: no name is looked up. */
  private static boolean isNumeric(String host) {
    boolean sixth = host.indexOf(':') >= 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean digit = (c >= '0' && c <= '9') || c == '.';
      boolean hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
      if (!digit && !(sixth && hex)) {
        return false;
      }
    }
    return !host.isEmpty();
  }
}
