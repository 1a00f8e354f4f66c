package org.keyfleet.transport.mqtt;

import java.nio.file.Path;

/**
 * A user name and the file whose first line is the password; read anew at each connection.
 *
 * @param user the user name
 * @param passwordFile readable by the process alone
 */
public record MqttLogin(String user, Path passwordFile) {}
