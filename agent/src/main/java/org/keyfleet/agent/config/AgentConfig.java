package org.keyfleet.agent.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the operator wrote in {@code agent.toml}; paths are resolved against the file's folder.
 *
 * @param memberId the member's identity: an FQDN, a mail address, or {@code key-id:text}
 * @param stateDirectory where the journals are
 * @param controlSocket the Unix domain socket of {@code keyfleet-agent status} and the others
 * @param keysExportAllowed whether the control socket may hand out keys for a debugger
 * @param insecureKeyExportDirectory where Wireshark key tables are written, for debugging only
 */
public record AgentConfig(
    String memberId,
    Path stateDirectory,
    Path controlSocket,
    boolean keysExportAllowed,
    TokenSettings token,
    AuthenticationSettings authentication,
    GcksSettings gcks,
    Optional<MqttSettings> mqtt,
    List<GroupSettings> groups,
    Optional<Path> insecureKeyExportDirectory) {
  public AgentConfig {
    groups = List.copyOf(groups);
  }
}
