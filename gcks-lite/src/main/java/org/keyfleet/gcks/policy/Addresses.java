package org.keyfleet.gcks.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP address literals; a name is refused, so that nothing waits for a name server. */
final class Addresses {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Addresses() {}

  static InetAddress literal(StrictTable table, String key, String text) throws SettingsException {
    try {
      if (LITERAL.matcher(text).matches()) {
        return InetAddress.getByName(text);
      }
    } catch (UnknownHostException e) {
      throw table.fault(key, "'" + text + "' is no IP address");
    }
    throw table.fault(key, "'" + text + "' is no IP address");
  }

  static MulticastTarget multicast(StrictTable table) throws SettingsException {
    InetAddress address = literal(table, "multicast-address", table.needText("multicast-address"));
    if (!address.isMulticastAddress()) {
      throw table.fault("multicast-address", "is no multicast address");
    }
    Optional<String> source = table.text("source");
    return new MulticastTarget(
        address,
        table.integer("port", 1, 65535, 848),
        table.text("interface"),
        source.isPresent()
            ? Optional.of(literal(table, "source", source.get()))
            : Optional.empty());
  }
}
