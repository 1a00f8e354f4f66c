package org.keyfleet.benchmarks.fleet;

import java.util.Map;

/**
 * One device's token.
 *
 * @param settings lines of {@code [token]} in its configuration that name it
 * @param pin of it, also of its security officer
 * @param environment variables that its library wants
 */
record DeviceToken(String settings, String pin, Map<String, String> environment) {}
