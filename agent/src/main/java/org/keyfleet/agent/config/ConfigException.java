package org.keyfleet.agent.config;

/**
 * The configuration file is wrong; the message is one line that names file, line and what to do.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
