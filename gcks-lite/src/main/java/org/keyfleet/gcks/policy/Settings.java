package org.keyfleet.gcks.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration file.
 *
 * @param insecureKeyExportDirectory where Wireshark key tables go; empty, the default, for nowhere
 */
public record Settings(
    Path file,
    ServerSettings server,
    CustodySettings custody,
    ListenSettings listen,
    Optional<MqttSettings> mqtt,
    Optional<CaSettings> ca,
    Optional<Path> insecureKeyExportDirectory,
    List<GroupSettings> groups) {
  public Settings {
    groups = List.copyOf(groups);
  }
}
