package org.keyfleet.gcks.policy;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The broker that carries registrations and rekey messages.
 *
 * @param broker {@code mqtt://host:port} or, with TLS, {@code mqtts://host:port}
 */
public record MqttSettings(
    String broker,
    String clientId,
    Optional<Path> trustAnchors,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<String> user,
    Optional<Path> passwordFile) {}
