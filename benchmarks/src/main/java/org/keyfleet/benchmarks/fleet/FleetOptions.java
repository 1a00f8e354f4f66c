package org.keyfleet.benchmarks.fleet;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet is made of.
 *
 * @param directory where everything the fleet writes goes
 * @param custody "standard" or "strict" (docs/manual/custody)
 * @param token where the agents keep their keys
 * @param keys where server and agents write Wireshark key tables; null for nowhere
 * @param brokerGroupSuite the rekey suite of a second group, whose rekeys come over the broker
 *     alone; null for none
 * @param plainMqtt whether the agents reach the broker without TLS, at a second listener
 */
public record FleetOptions(
    Path directory,
    String custody,
    TokenKind token,
    @Nullable Path keys,
    @Nullable String brokerGroupSuite,
    boolean plainMqtt) {
  public static final String GROUP = "fleet";
  public static final String BROKER_GROUP = "fleet-broker";
  public static final String DOMAIN = ".fleet.example";
  public static final String GCKS = "gcks.fleet.example";

  /** One group. */
  public FleetOptions(Path directory, String custody, TokenKind token, @Nullable Path keys) {
    this(directory, custody, token, keys, null, false);
  }

  /** With a second group, whose rekeys come over the broker alone. */
  public static FleetOptions twoGroups(
      Path directory, String custody, TokenKind token, String suite) {
    return new FleetOptions(directory, custody, token, null, suite, false);
  }

  /** The same with agents that reach the broker without TLS. */
  public FleetOptions withPlainMqtt() {
    return new FleetOptions(directory, custody, token, keys, brokerGroupSuite, true);
  }
}
