package org.keyfleet.agent.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where keys are kept.
 *
 * @param location the PKCS#11 library, or the soft store's file
 * @param label the token's label
 * @param pinFile a file with the PIN on its first line; without one the PIN is asked for
 * @param securityOfficerPinFile the same for the security officer, for {@code init} only
 */
public record TokenSettings(
    TokenKind kind,
    Path location,
    String label,
    Optional<Path> pinFile,
    Optional<Path> securityOfficerPinFile) {}
