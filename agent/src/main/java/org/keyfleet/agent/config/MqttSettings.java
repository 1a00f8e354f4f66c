package org.keyfleet.agent.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The MQTT 5 broker.
 *
 * @param server {@code mqtt://host:port} or, with TLS, {@code mqtts://host:port}
 * @param clientId the session's name at the broker
 * @param trustAnchors CA certificates in PEM for {@code mqtts}
 * @param certificateChain our client certificate in PEM
 * @param privateKey its key in PKCS#8 PEM
 */
public record MqttSettings(
    String server,
    String clientId,
    Optional<String> user,
    Optional<Path> passwordFile,
    Optional<Path> trustAnchors,
    Optional<Path> certificateChain,
    Optional<Path> privateKey) {}
